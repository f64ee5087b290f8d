namespace Lowrank.Language;

/// <summary>
/// Ends a text before the first stop string while it is streamed piece by piece: what may become one is held back until it is clear, and
/// what only began like one is given out.
/// </summary>
/// <param name="stops">The stop strings; empty ones are no stops.</param>
public sealed class StopStrings(IReadOnlyList<string> stops)
{
    readonly List<string> stops = [.. stops.Where(stop => stop.Length > 0)];
    string text = "";
    int sent;

    /// <summary>What is held back.</summary>
    public StopHoldBack HoldBack { get; init; } = StopHoldBack.Beginning;

    /// <summary>Which of several counts.</summary>
    public StopChoice Choice { get; init; } = StopChoice.BeginsFirst;

    /// <summary>Whether the stop string stays at the text's end. Nothing is held back then.</summary>
    public bool Includes { get; init; }

    /// <summary>The stop string that ended the text; null while it goes on.</summary>
    public string? Stop { get; private set; }

    /// <summary>The text so far, with what is held back, without a stop string.</summary>
    public string Text => text;

    /// <summary>Takes a piece, and gives what may be shown of the text since the last time.</summary>
    /// <exception cref="LowrankException">The text has ended.</exception>
    public string Take(string piece)
    {
        if (Stop is not null) throw new LowrankException($"the text has ended with \"{Stop}\", and \"{piece}\" comes behind it.");
        text += piece;
        if (Complete(piece.Length) is { } end)
        {
            Stop = end.Stop;
            text = text[..(Includes ? end.At + end.Stop.Length : end.At)];
            return Send(text.Length);
        }
        return Send(Math.Max(sent, text.Length - Held()));
    }

    /// <summary>The rest, where nothing more comes.</summary>
    public string Finish() => Send(text.Length);

    /// <summary>Whether a token completes a stop string, as transformers asks: characters of the token may follow it.</summary>
    /// <param name="stops">The stop strings.</param>
    /// <param name="before">The text before the token.</param>
    /// <param name="piece">The token's.</param>
    public static bool Completes(IReadOnlyList<string> stops, string before, string piece)
    {
        string whole = before + piece;
        // The earliest place whose end lies in the piece.
        return stops.Any(stop => stop.Length > 0 && piece.Length > 0
            && whole.IndexOf(stop, Math.Max(0, before.Length - stop.Length + 1), StringComparison.Ordinal) >= 0);
    }

    string Send(int end)
    {
        if (end <= sent) return "";
        string piece = text[sent..end];
        sent = end;
        return piece;
    }

    // Only what the last piece completes is new.
    (string Stop, int At)? Complete(int pieceLength)
    {
        (string Stop, int At)? first = null;
        foreach (string stop in stops)
        {
            int from = text.Length - pieceLength - stop.Length + 1;
            int at = text.IndexOf(stop, Math.Max(0, from), StringComparison.Ordinal);
            if (at < 0) continue;
            if (Choice == StopChoice.ListedFirst) return (stop, at);
            if (first is not { } known || IsFirst(stop, at, known)) first = (stop, at);
        }
        return first;
    }

    bool IsFirst(string stop, int at, (string Stop, int At) known) =>
        Choice == StopChoice.BeginsFirst ? at < known.At : at + stop.Length < known.At + known.Stop.Length;

    int Held()
    {
        if (stops.Count == 0 || Includes) return 0;
        if (HoldBack == StopHoldBack.Longest) return stops.Max(stop => stop.Length) - 1;
        int beginning = 0;
        foreach (string stop in stops)
            for (int length = Math.Min(stop.Length - 1, text.Length - sent); length > beginning; length--)
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length))) beginning = length;
        if (beginning == 0) return 0;
        return HoldBack == StopHoldBack.Unsent ? text.Length - sent : beginning;
    }
}
