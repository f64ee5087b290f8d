@echo off
rem Builds the command line if a source changed, and runs it. The same without this script: dotnet run --project src\Lowrank.Cli -- ARGS
setlocal
set "root=%~dp0"
set "program=%root%artifacts\bin\Lowrank.Cli\release\lowrank.dll"
set "stamp=%root%artifacts\lowrank.stamp"

if not defined LOWRANK_TORCH set "LOWRANK_TORCH=cpu"
if not "%LOWRANK_TORCH%"=="cpu" if not "%LOWRANK_TORCH%"=="cuda" (
  echo LOWRANK_TORCH is "%LOWRANK_TORCH%", and can be cpu or cuda 1>&2
  exit /b 2
)

if not exist "%program%" goto build
set "engine="
if exist "%stamp%" set /p engine=<"%stamp%"
if not "%engine%"=="%LOWRANK_TORCH%" goto build
powershell -NoProfile -ExecutionPolicy Bypass -File "%root%build\changed.ps1" "%stamp%"
if not errorlevel 1 goto run

:build
call "%root%build\sdk.cmd" || exit /b 1
echo Building Lowrank (the first time NuGet fetches what it needs, about 200 MB) ... 1>&2
if not exist "%root%artifacts" mkdir "%root%artifacts"
>"%stamp%.new" echo %LOWRANK_TORCH%
pushd "%root%"
dotnet build src\Lowrank.Cli -c Release -v q -nologo > "%root%artifacts\build.log" 2>&1
if errorlevel 1 (
  type "%root%artifacts\build.log" 1>&2
  exit /b 1
)
popd
move /y "%stamp%.new" "%stamp%" > nul

:run
dotnet "%program%" %*
exit /b %errorlevel%
