using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>
/// Which of the pictures that were made at once one is. It decides the last digits of what is computed, and with them some colours by a
/// level: of the others it is their number alone that counts, not what they show.
/// </summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Of">How many were made at once.</param>
public readonly partial record struct BatchPlace(int Number, int Of)
{
    /// <summary>The field of pictures' texts that tells it, where several were made at once.</summary>
    public const string Field = "Batch place";

    /// <summary>As the field has it: "2 of 4".</summary>
    public string Text => FormattableString.Invariant($"{Number} of {Of}");

    /// <summary>Reads <see cref="Text"/>; null for anything else.</summary>
    public static BatchPlace? Read(string text)
    {
        if (text.Split(" of ") is not [var number, var of]) return null;
        return PlainValue.ReadWhole(number) is >= 1 and var one && PlainValue.ReadWhole(of) is { } all && one <= all ? new(one, all) : null;
    }

    /// <summary>A picture's text without it, by which pictures are the same that were made beside others.</summary>
    public static string WithoutIt(string infoText) => Stated().Replace(infoText, "");

    [GeneratedRegex($@", {Field}: \d+ of \d+")]
    private static partial Regex Stated();
}
