using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Lowrank.Training;

/// <summary>The number that a program says of an answer: it reads an object of JSON (prompt, completion, the row's columns) on standard
/// input, and writes a number, or null, on standard output.</summary>
public sealed class ProgramReward : IReward
{
    readonly string program;
    readonly IReadOnlyList<string> arguments;
    readonly TimeSpan longest;

    /// <summary>A reward.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="longest">How long it may take for an answer, above 0; null: 30 s.</param>
    public ProgramReward(string program, IReadOnlyList<string> arguments, TimeSpan? longest = null)
    {
        if (string.IsNullOrWhiteSpace(program))
            throw new LowrankException("the reward's program has no name. Write program:NAME ARGUMENTS");
        (this.program, this.arguments, this.longest) = (program, arguments, longest ?? TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public string Name => "program";

    /// <inheritdoc/>
    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) => [.. answers.Select(Score)];

    double? Score(RewardedAnswer answer)
    {
        using var process = Started();
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        Tell(process, answer);
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            throw new LowrankException(
                $"the reward's program {program} took more than {PlainValue.Text(longest.TotalSeconds)} s for one answer");
        }
        string text = said.GetAwaiter().GetResult().Trim(), errors = complained.GetAwaiter().GetResult().Trim();
        if (process.ExitCode != 0)
            throw new LowrankException($"the reward's program {program} ended with {process.ExitCode}: {Shown(errors)}");
        if (text is "null" or "") return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && double.IsFinite(score) ? score
            : throw new LowrankException($"the reward's program {program} said {Shown(text)}, and a number alone is wanted, or null");
    }

    Process Started()
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        try
        {
            return Process.Start(start) ?? throw new LowrankException($"the reward's program {program} did not start");
        }
        catch (Win32Exception fault)
        {
            throw new LowrankException(
                $"the reward's program {program} did not start: {fault.Message}. Is it there, and may it run?", fault);
        }
    }

    static void Tell(Process process, RewardedAnswer answer)
    {
        var row = answer.Columns.ToDictionary(column => column.Key, column => column.Value);
        (row["prompt"], row["completion"]) = (answer.Prompt, answer.Answer);
        try
        {
            process.StandardInput.Write(PlainJson.Text(row, indented: false));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not listen: what it says counts all the same.
        }
    }

    static string Shown(string text) => text.Length == 0 ? "nothing" : $"\"{(text.Length > 200 ? text[..200] + "..." : text)}\"";
}
