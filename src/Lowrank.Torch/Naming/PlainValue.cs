using System.Globalization;

namespace Lowrank.Torch;

/// <summary>Numbers and switches as recipes, rules and command lines write them: the one way to read and to write them.</summary>
public static class PlainValue
{
    /// <summary>true or false, also said as yes or no, 1 or 0, in any case of letters; null for anything else.</summary>
    public static bool? ReadSwitch(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "1" => true,
        "false" or "no" or "0" => false,
        _ => null,
    };

    /// <summary>A whole number of 32 bits; null for anything else.</summary>
    public static int? ReadWhole(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : null;

    /// <summary>A number, with a point; null for anything else.</summary>
    public static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>What is wrong with a text that is of another kind, as a sentence: rank is "many", which is no whole number.</summary>
    /// <param name="name">What was given it.</param>
    /// <param name="text">The text.</param>
    /// <param name="kind">What is wanted.</param>
    public static string Misread(string name, string text, string kind) => $"{name} is \"{text}\", which is no {kind}";

    /// <summary>A switch as it is written down.</summary>
    public static string Text(bool value) => value ? "true" : "false";

    /// <summary>A whole number as it is written down.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same; nothing for none.</summary>
    public static string Text(double? value) => value is { } number ? Text(number) : "";

    /// <summary>A number as it is written down: the shortest text that is read as the same bits.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
