namespace Lowrank.Language;

/// <summary>Words as white space parts them.</summary>
public static class WhiteSpaceWords
{
    /// <summary>The words of a text; none of an empty one.</summary>
    public static string[] Of(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
