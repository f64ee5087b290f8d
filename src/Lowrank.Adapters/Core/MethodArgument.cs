namespace Lowrank.Adapters;

/// <summary>An option that one method has, as recipes and command lines write it: a name and a text.</summary>
/// <param name="Name">Its name: the one that LyCORIS or PEFT uses.</param>
/// <param name="Help">What it does, with range and default.</param>
/// <param name="Set">The options with it set.</param>
/// <param name="Get">
/// Its value in the options (bool, int, double or string), as a configuration beside a file holds it; null where none does.
/// </param>
public sealed record MethodArgument(
    string Name, string Help, Func<MethodOptions, string, MethodOptions> Set, Func<MethodOptions, object?>? Get = null)
{
    internal const string ASwitch = "true or false", AWhole = "a whole number", ANumber = "a number", AWord = "a word";

    /// <summary>What its values are, as one of the constants above; null where they are of several kinds.</summary>
    internal string? Kind { get; init; }

    /// <summary>A switch: true or false.</summary>
    public static MethodArgument Switch<T>(string name, string help, Func<T, bool, T> set, Func<T, bool>? get = null)
        where T : MethodOptions =>
        Of(name, help, ASwitch, PlainValue.ReadSwitch, set, get);

    /// <summary>A whole number.</summary>
    public static MethodArgument Whole<T>(string name, string help, Func<T, int, T> set, Func<T, int>? get = null)
        where T : MethodOptions =>
        Of(name, help, AWhole, PlainValue.ReadWhole, set, get);

    /// <summary>A number.</summary>
    public static MethodArgument Number<T>(string name, string help, Func<T, double, T> set, Func<T, double>? get = null)
        where T : MethodOptions =>
        Of(name, help, ANumber, PlainValue.ReadNumber, set, get);

    /// <summary>One word of several.</summary>
    public static MethodArgument Word<T>(
        string name, string help, IReadOnlyList<string> words, Func<T, string, T> set, Func<T, string>? get = null)
        where T : MethodOptions
    {
        MethodOptions Set(MethodOptions options, string text) =>
            words.Contains(text) ? set((T)options, text) : throw Misread(name, text, string.Join(", ", words));
        return new(name, help, Set, get is null ? null : options => get((T)options)) { Kind = AWord };
    }

    static MethodArgument Of<T, TValue>(
        string name, string help, string wanted, Func<string, TValue?> read, Func<T, TValue, T> set, Func<T, TValue>? get)
        where T : MethodOptions where TValue : struct
    {
        MethodOptions Set(MethodOptions options, string text) => set((T)options, read(text) ?? throw Misread(name, text, wanted));
        return new(name, help, Set, get is null ? null : options => get((T)options)) { Kind = wanted };
    }

    static LowrankException Misread(string name, string text, string wanted) => new($"{name} is \"{text}\", which is not {wanted}");
}
