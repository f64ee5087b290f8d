@echo off
rem test                  builds the solution and runs all tests; the same without this script: dotnet test --solution Lowrank.slnx
rem test NAME             only tests whose class or method name contains NAME, and the laws of the method NAME
rem test laws METHOD      only the laws of one method, in all its variants: test laws lora
rem test goldens [DIR]    only the golden tests, over the cases under DIR (default: the copies in tests\Goldens\data), with a table per group
setlocal
call "%~dp0build\sdk.cmd" || exit /b 1
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0build\test.ps1" %*
exit /b %errorlevel%
