namespace Lowrank.Language;

/// <summary>Makes text of ids that come one by one: a character is held back until all its bytes are there.</summary>
public sealed class StreamingDecoder
{
    const char Incomplete = '\uFFFD';

    readonly Func<IReadOnlyList<int>, string> decode;
    readonly List<int> window = [];   // ids whose text may still change, and before them those that it hangs on
    string told = "";                 // the window's text that was given out
    int toldCount;                    // ids that it came from

    internal StreamingDecoder(Func<IReadOnlyList<int>, string> decode) => this.decode = decode;

    /// <summary>The text that one more id completes, or null where it completes none yet.</summary>
    public string? Add(int id)
    {
        if (told.Length == 0 && window.Count > 0)
        {
            string before = decode(window);
            if (!before.EndsWith(Incomplete)) (told, toldCount) = (before, window.Count);
        }
        window.Add(id);
        string text = decode(window);
        if (text.Length <= told.Length || text.EndsWith(Incomplete)) return null;
        string fresh = Beyond(text);
        int kept = window.Count - toldCount;
        window.RemoveRange(0, toldCount);
        (told, toldCount) = (decode(window), kept);
        return fresh;
    }

    /// <summary>The text that is still held back, at the end of a stream: what is incomplete becomes U+FFFD.</summary>
    public string Flush()
    {
        string text = decode(window);
        string rest = text.Length > told.Length ? Beyond(text) : "";
        window.Clear();
        (told, toldCount) = ("", 0);
        return rest;
    }

    // A decoder that cleans up may change what was given out already; that stays.
    string Beyond(string text)
    {
        int common = text.AsSpan().CommonPrefixLength(told);
        return text[common..];
    }
}
