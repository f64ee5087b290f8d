@echo off
rem Called by lowrank.cmd and test.cmd: ends with 1 and advice if the .NET 10 SDK is missing.
pushd "%~dp0.."
set "version=none"
for /f %%v in ('dotnet --version 2^>nul') do set "version=%%v"
popd
if "%version:~0,3%"=="10." exit /b 0
type "%~dp0no-dotnet.txt" 1>&2
exit /b 1
