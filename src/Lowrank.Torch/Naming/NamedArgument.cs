namespace Lowrank.Torch;

/// <summary>An option of something that is chosen by name, such as an optimizer: a name and a text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Help">What it means.</param>
/// <param name="Default">Its value where none is given.</param>
public abstract record NamedArgument(string Name, string Help, string Default)
{
    /// <summary>What other programs call it.</summary>
    public IReadOnlyList<string> AlsoCalled { get; init; } = [];

    /// <summary>Which values may be given, as a text; null for any.</summary>
    public abstract string? RangeText { get; }

    /// <summary>What is wrong with a value, as a sentence; null where nothing is.</summary>
    public abstract string? Fault(string text);

    /// <summary>A value as it is written down, however it was given.</summary>
    /// <exception cref="LowrankException">It is of another kind.</exception>
    public abstract string Plain(string text);

    /// <summary>Its value among those that were given, as it is written down; the default where it is not there.</summary>
    public string TextIn(IReadOnlyDictionary<string, string> given) => given.TryGetValue(Name, out var text) ? Plain(text) : Default;

    /// <summary>A number.</summary>
    public static TypedArgument<double> Number(string name, string help, double standard, NumberRange? range = null) =>
        new(name, help, standard, "number", PlainValue.ReadNumber, PlainValue.Text) { Range = range };

    /// <summary>A whole number.</summary>
    public static TypedArgument<int> Whole(string name, string help, int standard, NumberRange? range = null) =>
        new(name, help, standard, "whole number", PlainValue.ReadWhole, value => PlainValue.Text(value)) { Range = range };

    /// <summary>True or false.</summary>
    public static TypedArgument<bool> Switch(string name, string help, bool standard = false) =>
        new(name, help, standard, "true or false", PlainValue.ReadSwitch, PlainValue.Text);
}
