using System.Diagnostics;

namespace Lowrank.Cli.Tests;

public class CompletionTests
{
    [Theory]
    [InlineData("lowrank ins", "inspect")]
    [InlineData("lowrank inspect --js", "--json")]
    [InlineData("lowrank completion ", "bash fish pwsh zsh")]
    [InlineData("lowrank inspect ", "")]   // file names, which bash knows itself
    public void BashCompletesCommandsOptionsAndValues(string line, string words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bash 4 is there on Linux");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["completion.bash"], Cli.Run("completion", "bash").Ended(0).Out);
        File.WriteAllText(folder["try.bash"], $"""
            lowrank() {"{"} dotnet '{Path.Combine(AppContext.BaseDirectory, "lowrank.dll")}' "$@"; {"}"}
            . '{folder["completion.bash"]}'
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({(line.EndsWith(' ') ? line + "''" : line)})
            COMP_CWORD=$((${"{"}#COMP_WORDS[@]{"}"} - 1))
            _lowrank lowrank
            echo "${"{"}COMPREPLY[*]{"}"}"
            """);
        using var bash = Process.Start(new ProcessStartInfo("bash", [folder["try.bash"]]) { RedirectStandardOutput = true })!;
        Assert.Equal(words, bash.StandardOutput.ReadToEnd().Trim());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void EveryScriptAsksTheProgram(string shell) => Assert.Contains("[suggest:", Cli.Run("completion", shell).Ended(0).Out);
}
