using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>A regular expression of whole paths, by which a configuration tells the layers that are adapted.</summary>
/// <param name="text">The expression, in Python's words.</param>
sealed class PeftExpression(string text)
{
    Regex? regex;

    /// <summary>The expression.</summary>
    public string Text => text;

    /// <summary>Why it cannot be asked; null where it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether it means a path; null where that is not known: Python has words that .NET has not.</summary>
    public bool? Means(string path)
    {
        if (Fault is not null) return null;
        try
        {
            regex ??= PathPattern.Expression($"^(?:{text})$");
            return regex.IsMatch(path);
        }
        catch (Exception error) when (error is ArgumentException or RegexMatchTimeoutException)
        {
            Fault = error.Message;
            return null;
        }
    }
}
