using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Shows texts while they are written: on stdout the text alone, all else on stderr.</summary>
/// <param name="streams">Whether pieces are shown as they come; else the texts are at the end.</param>
sealed class WritingView(bool streams) : IProgress<JobEvent>
{
    readonly ProgressLines lines = new(TimeProvider.System);
    bool isWithinLine;

    /// <summary>Whether something of a text was shown as it came.</summary>
    public bool HasText { get; private set; }

    /// <inheritdoc/>
    public void Report(JobEvent value)
    {
        switch (value)
        {
            case WrittenPiece piece when streams: Write(piece.Text); break;
            case JobNote note: Say(note.Text); break;
            case JobProgress progress when lines.Of(progress) is { } line: Say(line); break;
        }
    }

    /// <summary>Shows the texts that were not shown as they came, and ends the last line.</summary>
    public void End(WritingReport report)
    {
        if (streams) EndLine();
        else
            foreach (var text in report.Texts)
            {
                Write(text.Text);
                EndLine();
            }
        if (!Terminal.ShowsProgress) return;
        string rate = Quantity.Number(Math.Round(report.Tokens / Math.Max(report.Seconds, 1e-3), 1));
        int read = report.Texts.Sum(text => text.PromptTokens);
        Say($"{Listing.Count(read, "token")} of prompt, {Listing.Count(report.Tokens, "token")} written, {rate} a second");
    }

    void Write(string text)
    {
        if (text.Length == 0) return;
        Console.Out.Write(Console.IsOutputRedirected ? text : Terminal.Shown(text));
        Console.Out.Flush();
        isWithinLine = text[^1] != '\n';
        HasText = true;
    }

    /// <summary>Ends the line of a text that stands there.</summary>
    public void EndLine()
    {
        if (isWithinLine) Console.Out.WriteLine();
        isWithinLine = false;
    }

    // Beside a text on the same terminal, on a line of its own.
    void Say(string message)
    {
        if (isWithinLine && !Console.IsOutputRedirected) EndLine();
        Console.Error.WriteLine(Terminal.Shown(FieldNames.AsOptions(message)));
    }
}
