-- one row: where the server itself listens, as seen from the server
select coalesce(host(inet_server_addr()) || ':' || inet_server_port(),
       (select 'the socket in ' || s.setting || ', port ' || current_setting('port') from pg_settings s where s.name = 'unix_socket_directories')) as endpoint,
       true as there
