namespace Lowrank.Cli;

/// <summary>Prints a script that completes commands, options and their values in a shell.</summary>
/// <remarks>The scripts ask the program itself (<c>[suggest:N]</c>).</remarks>
sealed class CompletionCommand : HelpfulCommand
{
    readonly Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh" };

    public CompletionCommand() : base("completion", "Prints a script that completes commands and options in your shell.")
    {
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Add(shell);
        SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(Script(result.GetRequiredValue(shell)));
            return ExitCode.Success;
        });
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("completion bash >> ~/.bashrc", "bash"),
        new("completion zsh >> ~/.zshrc", "zsh"),
        new("completion fish > ~/.config/fish/completions/lowrank.fish", "fish"),
        new("completion pwsh >> $PROFILE", "PowerShell"),
    ];

    // Where the word does not begin with a dash, options are left out: the shell then offers file names.
    static string Script(string shell) => shell switch
    {
        "bash" => """
            _lowrank() {
              local line="lowrank ${COMP_LINE#* }" point=$((COMP_POINT - ${#COMP_WORDS[0]} + 7)) word=${COMP_WORDS[COMP_CWORD]} words
              words=$("$1" "[suggest:$point]" "$line" 2>/dev/null)
              [[ $word == -* ]] || words=$(grep -v '^-' <<< "$words")
              COMPREPLY=($(compgen -W "$words" -- "$word"))
            }
            complete -o default -F _lowrank lowrank

            """,
        "zsh" => """
            _lowrank() {
              local line="lowrank ${BUFFER#* }" word=${words[CURRENT]}
              local -a found
              found=("${(@f)$("${words[1]}" "[suggest:$((CURSOR - ${#words[1]} + 7))]" "$line" 2>/dev/null)}")
              [[ $word == -* ]] || found=("${(@)found:#-*}")
              compadd -a found || _files
            }
            autoload -Uz compinit && (( $+functions[compdef] )) || compinit
            compdef _lowrank lowrank

            """,
        "fish" => """
            function __lowrank_complete
              set -l line (commandline -cp)
              set -l program (string split -m1 ' ' -- $line)[1]
              set -l rest (string split -m1 ' ' -- $line)[2]
              set -l line "lowrank $rest"
              eval $program "'[suggest:"(string length -- $line)"]'" (string escape -- $line) 2>/dev/null
            end
            complete -c lowrank -a '(__lowrank_complete)'

            """,
        _ => """
            Register-ArgumentCompleter -Native -CommandName lowrank, lowrank.cmd -ScriptBlock {
              param($word, $ast, $position)
              $program = $ast.CommandElements[0].ToString()
              $line = 'lowrank' + $ast.ToString().Substring($program.Length)
              & $program "[suggest:$($position - $program.Length + 7)]" "$line" 2>$null |
                Where-Object { $_ -like "$word*" -and ($word -or $_ -notlike '-*') } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }

            """,
    };
}
