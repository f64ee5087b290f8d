using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>Converts and checks values that are written into a graph, as ComfyUI does by Python's rules.</summary>
/// <param name="input">The input that it is for.</param>
/// <param name="folders">Where files lie.</param>
readonly struct WrittenValue(NodeInput input, GraphFolders folders)
{
    // Longer lists are not repeated in errors.
    const int MostListed = 20;

    /// <summary>The input's description: its type and what is told of it.</summary>
    public List<object?> Config => [input.Spec(folders), new OrderedDictionary<string, object?>(input.Facts(folders))];

    /// <summary>The value in the input's type, or why it has none.</summary>
    public (object? Value, NodeFault? Fault) Convert(object? value)
    {
        if (value is IReadOnlyDictionary<string, object?> wrapped && wrapped.TryGetValue("__value__", out object? inner)) value = inner;
        string why = "";
        object? converted = input.Type switch
        {
            GraphTypes.Whole => PythonText.Int(value, out why),
            GraphTypes.Number => PythonText.Float(value, out why),
            GraphTypes.Text => PythonText.Str(value),
            GraphTypes.Flag => PythonText.Truth(value),
            _ => value,
        };
        if (why.Length == 0) return (converted, null);
        return (value, new("invalid_input_type", $"Failed to convert an input value to a {input.Type} value",
            $"{input.Name}, {PythonText.Str(value)}, {why}")
        {
            Extra = Told([new("received_value", value), new("exception_message", why)]),
        });
    }

    /// <summary>What is wrong with a converted value; null if nothing is.</summary>
    public NodeFault? Check(object? value)
    {
        if (Bounds() is var (min, max))
        {
            if (Compare(value, min) < 0) return OutOfRange("value_smaller_than_min", "smaller than min", value, min);
            if (Compare(value, max) > 0) return OutOfRange("value_bigger_than_max", "bigger than max", value, max);
        }
        if (input is not ChoiceInput { IsUnchecked: false } choice) return null;
        var choices = choice.Choices(folders);
        if (value is string word && (choices.Contains(word) || choice.Later.Contains(word))) return null;
        bool isLong = choices.Count > MostListed;
        string listed = isLong ? $"(list of length {choices.Count})" : PythonText.Repr(choices);
        return new("value_not_in_list", "Value not in list", $"{input.Name}: '{PythonText.Str(value)}' not in {listed}")
        {
            Extra = new OrderedDictionary<string, object?>(
                [new("input_name", input.Name), new("input_config", isLong ? null : Config), new("received_value", value)]),
        };
    }

    (object Min, object Max)? Bounds() => input switch
    {
        WholeInput whole => (whole.Min, whole.Max),
        NumberInput number => (number.Least, number.Most),
        _ => null,
    };

    // Not a number is within any bounds, as in Python.
    static int Compare(object? value, object bound)
    {
        if (value is BigInteger whole && bound is BigInteger other) return whole.CompareTo(other);
        double number = PythonText.Float(value, out _)!.Value;
        return double.IsNaN(number) ? 0 : number.CompareTo(PythonText.Float(bound, out _)!.Value);
    }

    NodeFault OutOfRange(string type, string words, object? value, object bound) =>
        new(type, $"Value {PythonText.Str(value)} {words} of {PythonText.Str(bound)}", input.Name)
        {
            Extra = Told([new("received_value", value)]),
        };

    OrderedDictionary<string, object?> Told(IEnumerable<KeyValuePair<string, object?>> more) =>
        new([new("input_name", input.Name), new("input_config", Config), .. more]);
}
