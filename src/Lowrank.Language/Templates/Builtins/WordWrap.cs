using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>Lines of a width, as Python's textwrap makes them.</summary>
static partial class WordWrap
{
    /// <summary>The lines of one line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="width">Most characters of a line.</param>
    /// <param name="breaksWords">Whether a word that is longer is cut.</param>
    /// <param name="breaksHyphens">Whether a line may end behind a hyphen.</param>
    public static IEnumerable<MarkedText> Of(MarkedText text, int width, bool breaksWords, bool breaksHyphens)
    {
        var chunks = new Stack<MarkedText>(Chunks(text, breaksHyphens).Reverse());
        if (chunks.Count == 0) yield return MarkedText.Empty;
        bool isFirst = true;
        while (chunks.Count > 0)
        {
            if (!isFirst && IsBlank(chunks.Peek())) chunks.Pop();
            var line = new List<MarkedText>();
            int length = 0;
            while (chunks.Count > 0 && length + chunks.Peek().Length <= width) Take(chunks.Pop());
            bool isTooLong = chunks.Count > 0 && chunks.Peek().Length > width;
            if (isTooLong) CutWord(chunks, Math.Max(1, width - length), breaksWords, length == 0, Take);
            if (line.Count > 0 && IsBlank(line[^1])) line.RemoveAt(line.Count - 1);
            if (line.Count == 0) continue;
            isFirst = false;
            yield return TextSearch.Joined("", line, part => (MarkedText)part);

            void Take(MarkedText chunk)
            {
                line.Add(chunk);
                length += chunk.Length;
            }
        }
    }

    static void CutWord(Stack<MarkedText> chunks, int left, bool breaksWords, bool isAlone, Action<MarkedText> take)
    {
        if (!breaksWords)
        {
            if (isAlone) take(chunks.Pop());
            return;
        }
        var word = chunks.Pop();
        int[] starts = PythonPoints.Starts(word.Value);
        take(word.Part(0, starts[left]));
        chunks.Push(word.From(starts[left]));
    }

    static bool IsBlank(MarkedText text) => text.Value.All(TextSearch.IsBlank);

    static IEnumerable<MarkedText> Chunks(MarkedText text, bool breaksHyphens) =>
        (breaksHyphens ? WithHyphens() : Plain()).Matches(text.Value).Select(match => text.Part(match.Index, match.Length));

    [GeneratedRegex(@"\s+|[^\s]*?\w[^\s\w]*\w*?(?<=\w)-(?=\w)|[^\s]+")]
    private static partial Regex WithHyphens();

    [GeneratedRegex(@"\s+|[^\s]+")]
    private static partial Regex Plain();
}
