# The Windows twin of the script `test`: see there.
param([string]$What = '', [string]$Which = '')
$root = Split-Path $PSScriptRoot
if ($env:LOWRANK_TORCH -and $env:LOWRANK_TORCH -cnotin 'cpu', 'cuda') {
    [Console]::Error.WriteLine("LOWRANK_TORCH is `"$env:LOWRANK_TORCH`", and can be cpu or cuda")
    exit 2
}
$engine = if ($env:LOWRANK_TORCH) { $env:LOWRANK_TORCH } else { 'cpu' }
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$table = $null
if ($What -eq 'goldens') {
    if ($Which) {
        if (-not (Test-Path -LiteralPath $Which -PathType Container)) { [Console]::Error.WriteLine("no such folder: $Which"); exit 2 }
        $env:LOWRANK_GOLDENS = (Resolve-Path -LiteralPath $Which).ProviderPath
    }
    $build = 'tests/Goldens'
    $select = @('--project', 'tests/Goldens')
    $table = Join-Path $root 'artifacts/bin/Goldens/release/goldens.txt'
    if (Test-Path -LiteralPath $table) { Remove-Item -LiteralPath $table }
}
elseif ($What -eq 'laws') {
    if (-not $Which) { [Console]::Error.WriteLine('which method? test laws lora'); exit 2 }
    $build = 'tests/Lowrank.Adapters.Tests'
    $select = @('--project', $build, '--filter-trait', "method=$Which")
}
else {
    $build = 'Lowrank.slnx'
    $select = @('--solution', 'Lowrank.slnx')
    if ($What -like '*.*') { $select += @('--filter-method', "*$What*") }
    elseif ($What) { $select += @('--filter-query', "/*/*/*$What*", '--filter-query', "/*/*/*/*$What*", '--filter-query', "/*/*/*/*[method=$What]") }
}
Push-Location $root
try {
    # The command line is built into lowrank's own folder: a stamp that tells another engine would call the wrong build fresh.
    $stamp = Join-Path $root 'artifacts/lowrank.stamp'
    if ((Test-Path -LiteralPath $stamp) -and "$(Get-Content -LiteralPath $stamp -TotalCount 1)" -cne $engine) { Remove-Item -LiteralPath $stamp }
    $log = & dotnet build $build -c Release -v q -nologo 2>&1
    if ($LASTEXITCODE -ne 0) { $log | ForEach-Object { [Console]::Error.WriteLine("$_") }; exit 1 }
    $count = @{ error = 0; failed = 0; succeeded = 0; skipped = 0 }
    $faults = @()   # repeated at the end
    $told = 0
    & dotnet test -c Release --no-build --no-ansi --no-progress --max-parallel-test-modules 1 --ignore-exit-code 8 @select | ForEach-Object {
        if ($_ -match '^ *(error|failed|succeeded|skipped): (\d+)') { $count[$Matches[1]] = [int]$Matches[2] }
        if ($_ -match '^(passed|skipped|Running|Test run)') { $told = 0 }
        if ($_ -clike 'failed *') { $told = 20 }
        if ($told-- -gt 0) { $faults += $_ }
        $_
    }
    $code = $LASTEXITCODE
}
finally { Pop-Location }
if ($table -and (Test-Path -LiteralPath $table)) { ''; Get-Content -LiteralPath $table; '' }
if ($faults) { ''; $faults; '' }
"$($count.succeeded) passed, $($count.failed + $count.error) failed, $($count.skipped) skipped"
if (($count.Values | Measure-Object -Sum).Sum -eq 0) { [Console]::Error.WriteLine('no test matches'); exit 8 }
if ($table -and $code -eq 0) {
    # Tests of the folder itself pass where nothing is computed: the last line counts the cases.
    $all = if (Test-Path -LiteralPath $table) { -split (Get-Content -LiteralPath $table)[-1] } else { 'all', 0, 0, 0 }
    if ([int]$all[1] + [int]$all[2] -eq 0) { [Console]::Error.WriteLine('no golden case there is covered'); exit 8 }
}
exit $code
