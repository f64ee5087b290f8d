using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>
/// A pattern of file names: text with [words], some with &lt;arguments&gt;: <c>[seed]-[prompt_words]-[datetime&lt;%H%M&gt;]</c>.
/// </summary>
/// <param name="Text">The pattern.</param>
/// <remarks>
/// A word that is unknown or cannot tell stays as it stands; one with nothing to say takes the text before it along, as the web UI does.
/// </remarks>
public sealed partial record FileNamePattern(string Text)
{
    /// <summary>What will not be told as the pattern's writer may mean it, a sentence each.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Pieces().Where(piece => piece.Before.AsSpan().IndexOfAny("[]") >= 0)
            .Select(piece => $"\"{piece.Before}\" holds a bracket without its other one, and stands in names as it is"),
        .. Pieces().Where(piece => piece.Word is not null)
            .Select(piece => FileNameWords.Fault(piece.Word!, piece.Arguments)).OfType<string>(),
    ];

    /// <summary>The name of a picture, without ending.</summary>
    public string Apply(FileNameFacts facts)
    {
        var name = new StringBuilder();
        foreach (var (before, word, arguments) in Pieces())
        {
            var known = word is null ? null : FileNameWords.Find(word);
            if (known?.IsMute(facts) == true && arguments.Count == 0) continue;
            name.Append(before);
            if (word is not null) name.Append(known?.Text(facts, arguments) ?? $"[{word}]");
        }
        return name.ToString();
    }

    IEnumerable<(string Before, string? Word, IReadOnlyList<string> Arguments)> Pieces()
    {
        foreach (Match piece in Piece().Matches(Text))
        {
            string word = piece.Groups[2].Value;
            var arguments = new List<string>();
            while (Argument().Match(word) is { Success: true } match)
            {
                word = match.Groups[1].Value;
                arguments.Insert(0, match.Groups[2].Value);
            }
            yield return (piece.Groups[1].Value, piece.Groups[2].Success ? word : null, arguments);
        }
    }

    [GeneratedRegex(@"(.*?)(?:\[([^\[\]]+)\]|$)", RegexOptions.Singleline)]
    private static partial Regex Piece();

    [GeneratedRegex("^(.*)<([^>]*)>$", RegexOptions.Singleline)]
    private static partial Regex Argument();
}
