namespace Lowrank.Torch;

/// <summary>Which numbers may be given.</summary>
/// <param name="Text">As errors tell it: "1 or more".</param>
/// <param name="Holds">Whether a number is one of them; NaN is never.</param>
public sealed record NumberRange(string Text, Func<double, bool> Holds)
{
    /// <summary>Any finite number.</summary>
    public static NumberRange Finite { get; } = new("a number", double.IsFinite);

    /// <summary>A share that is never the whole.</summary>
    public static NumberRange ShareBelowOne { get; } = new("0 to below 1", value => value is >= 0 and < 1);

    /// <summary>Finite numbers from <paramref name="least"/> up.</summary>
    /// <param name="least">The least one.</param>
    /// <param name="note">What else errors tell: "4 to 64 are usual".</param>
    public static NumberRange AtLeast(double least, string? note = null) =>
        new(Noted($"{PlainValue.Text(least)} or more", note), value => value >= least && double.IsFinite(value));

    /// <summary>Finite numbers above <paramref name="limit"/>.</summary>
    /// <inheritdoc cref="AtLeast"/>
    public static NumberRange Above(double limit, string? note = null) =>
        new(Noted($"above {PlainValue.Text(limit)}", note), value => value > limit && double.IsFinite(value));

    /// <summary>Numbers from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static NumberRange Between(double least, double most) =>
        new($"{PlainValue.Text(least)} to {PlainValue.Text(most)}", value => value >= least && value <= most);

    /// <summary>What is wrong with a value, as a sentence: "rank is 0 (1 or more)"; null where nothing is.</summary>
    /// <param name="name">What has the value.</param>
    /// <param name="value">The value.</param>
    public string? Fault(string name, double value) => Holds(value) ? null : $"{name} is {PlainValue.Text(value)} ({Text})";

    static string Noted(string text, string? note) => note is null ? text : $"{text}; {note}";
}
