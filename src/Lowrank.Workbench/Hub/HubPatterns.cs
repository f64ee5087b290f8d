using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Workbench;

/// <summary>Patterns of paths, as the hub's own tools take them: <c>*</c> stands for any characters, slashes too.</summary>
/// <param name="Include">What is taken, in place of what is needed; none leaves the choice.</param>
/// <param name="Exclude">What is left out of it.</param>
sealed record HubPatterns(IReadOnlyList<string> Include, IReadOnlyList<string> Exclude)
{
    readonly Regex[] taken = [.. Include.Select(ExpressionOf)], leftOut = [.. Exclude.Select(ExpressionOf)];

    /// <summary>No pattern.</summary>
    public static HubPatterns None { get; } = new([], []);

    /// <summary>Whether a path is among what is taken.</summary>
    public bool Takes(string path) => taken.Any(pattern => pattern.IsMatch(path));

    /// <summary>Whether a path is left out.</summary>
    public bool LeavesOut(string path) => leftOut.Any(pattern => pattern.IsMatch(path));

    /// <summary>A sentence on each pattern that fits no path.</summary>
    public IEnumerable<string> Idle(IReadOnlyList<HubFile> files)
    {
        var all = Include.Zip(taken, (pattern, fits) => ("`include`", pattern, fits))
            .Concat(Exclude.Zip(leftOut, (pattern, fits) => ("`exclude`", pattern, fits)));
        foreach (var (option, pattern, fits) in all)
            if (!files.Any(file => fits.IsMatch(file.Path))) yield return $"{option} {pattern} fits no file";
    }

    /// <summary>A sentence on the patterns where they choose nothing, if there are any.</summary>
    /// <param name="reason">Why they do not.</param>
    public IEnumerable<string> Unused(string reason)
    {
        var given = Include.Select(pattern => $"`include` {pattern}").Concat(Exclude.Select(pattern => $"`exclude` {pattern}")).ToList();
        if (given.Count > 0) yield return $"{string.Join(", ", given)}: not used, as {reason}";
    }

    /// <summary>What is wrong with a pattern; null where nothing is.</summary>
    public static string? Fault(string pattern)
    {
        if (pattern.Length == 0) return "A pattern is empty. Write it as *.safetensors.";
        try
        {
            _ = ExpressionOf(pattern);
            return null;
        }
        catch (ArgumentException)
        {
            return $"'{pattern}' is no pattern: what stands in its brackets is no set of characters.";
        }
    }

    static Regex ExpressionOf(string pattern)
    {
        if (pattern.EndsWith('/')) pattern += "*";
        var expression = new StringBuilder(@"\A");
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '[' ? pattern.IndexOf(']', Math.Min(i + 2, pattern.Length)) : -1;
            if (end > 0)
            {
                string set = pattern[(i + 1)..end];
                set = set.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
                expression.Append('[').Append(set[0] == '!' ? "^" + set[1..] : set).Append(']');
                i = end;
            }
            else expression.Append(pattern[i] switch { '*' => "[^\0]*", '?' => "[^\0]", var c => Regex.Escape(c.ToString()) });
        }
        return new(expression.Append(@"\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
