namespace Lowrank.Diffusion;

/// <summary>One value on an axis.</summary>
/// <param name="Text">As labels show it.</param>
public sealed record GridValue(string Text)
{
    // Digits behind the point that a label shows at most.
    const int LabelDigits = 8;

    /// <summary>The number of a whole value.</summary>
    public long Whole { get; private init; }

    /// <summary>The number of any value that is one.</summary>
    public double Number { get; private init; }

    /// <summary>The words of an order.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>A whole number.</summary>
    public static GridValue Of(long whole) => new(PlainValue.Text(whole)) { Whole = whole, Number = whole };

    /// <summary>A number; its label has a point, and no more than 8 digits behind it.</summary>
    public static GridValue Of(double number) => new(Label(number)) { Number = number };

    /// <summary>Words in an order.</summary>
    public static GridValue Of(IReadOnlyList<string> words) => new(string.Join(", ", words)) { Words = words };

    // As Python writes it: 7 is 7.0.
    static string Label(double number)
    {
        string text = PlainValue.Text(Math.Round(number, LabelDigits)).Replace("E", "e", StringComparison.Ordinal);
        return text.AsSpan().ContainsAny('.', 'e') || !double.IsFinite(number) ? text : $"{text}.0";
    }
}
