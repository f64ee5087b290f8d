using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>A regular expression for the end of a path, behind a dot or whole, as PEFT's configurations have them.</summary>
/// <remarks>
/// Files name thousands of layers by as many such expressions; nearly all are plain names, which are compared without a machine for
/// expressions.
/// </remarks>
sealed class PathPattern
{
    static readonly TimeSpan longest = TimeSpan.FromSeconds(0.2);

    readonly string pattern;
    readonly char[]? plain;   // '\0' stands for any character
    readonly Lazy<Regex> expression;

    /// <summary>Of an expression as it stands in a file.</summary>
    public PathPattern(string pattern)
    {
        this.pattern = pattern;
        plain = Plain(pattern);
        expression = new(() => Expression($@"^(.*\.)?({pattern})$"));
    }

    // The engine that takes linear time, whatever the file says; Python's look-arounds and back-references need the other.
    internal static Regex Expression(string whole)
    {
        try
        {
            return new Regex(whole, RegexOptions.NonBacktracking, longest);
        }
        catch (NotSupportedException)
        {
            return new Regex(whole, RegexOptions.None, longest);
        }
    }

    /// <summary>Whether it means a path.</summary>
    /// <exception cref="LowrankException">It is no expression, or takes too long.</exception>
    public bool Matches(string path)
    {
        if (plain is not null) return EndsPlainly(path);
        try
        {
            return expression.Value.IsMatch(path);
        }
        catch (Exception error) when (error is ArgumentException or RegexMatchTimeoutException)
        {
            string what = $"the pattern \"{pattern}\" in adapter_config.json is no regular expression that can be used";
            throw new LowrankException($"{what}: {error.Message}", error);
        }
    }

    bool EndsPlainly(string path)
    {
        int start = path.Length - plain!.Length;
        if (start < 0 || start > 0 && path[start - 1] != '.') return false;
        for (int i = 0; i < plain.Length; i++)
            if (plain[i] != path[start + i] && (plain[i] != '\0' || path[start + i] == '\n')) return false;
        return true;
    }

    static char[]? Plain(string pattern)
    {
        var plain = new List<char>();
        for (int i = 0; i < pattern.Length; i++)
        {
            char next = pattern[i];
            if (next == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '.' or '-') plain.Add(pattern[++i]);
            else if (next == '.') plain.Add('\0');
            else if (char.IsAsciiLetterOrDigit(next) || next is '_' or '-') plain.Add(next);
            else return null;
        }
        return [.. plain];
    }
}
