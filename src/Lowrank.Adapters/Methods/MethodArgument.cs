using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>An option that one method has, as recipes and command lines write it: a name and a text.</summary>
/// <param name="Name">Its name: the one that LyCORIS or PEFT uses.</param>
/// <param name="Help">What it does, with range and default.</param>
/// <param name="Set">The options with it set.</param>
public sealed record MethodArgument(string Name, string Help, Func<MethodOptions, string, MethodOptions> Set)
{
    /// <summary>A switch: true or false.</summary>
    public static MethodArgument Switch<T>(string name, string help, Func<T, bool, T> set) where T : MethodOptions =>
        new(name, help, (options, text) => set((T)options, text.ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => true,
            "false" or "no" or "0" => false,
            _ => throw Misread(name, text, "true or false"),
        }));

    /// <summary>A whole number.</summary>
    public static MethodArgument Whole<T>(string name, string help, Func<T, int, T> set) where T : MethodOptions =>
        new(name, help, (options, text) => set((T)options, int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value : throw Misread(name, text, "a whole number")));

    /// <summary>A number.</summary>
    public static MethodArgument Number<T>(string name, string help, Func<T, double, T> set) where T : MethodOptions =>
        new(name, help, (options, text) => set((T)options, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : throw Misread(name, text, "a number")));

    /// <summary>One word of several.</summary>
    public static MethodArgument Word<T>(string name, string help, IReadOnlyList<string> words, Func<T, string, T> set) where T : MethodOptions =>
        new(name, help, (options, text) => set((T)options, words.Contains(text) ? text : throw Misread(name, text, string.Join(", ", words))));

    static LowrankException Misread(string name, string text, string wanted) => new($"{name} is \"{text}\", which is not {wanted}");
}
