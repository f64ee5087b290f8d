using System.Globalization;

namespace Lowrank.Graphs;

/// <summary>Values of a graph in words.</summary>
static class ValueText
{
    /// <summary>Numbers and texts as they are; of tensors their type and shape.</summary>
    public static string Of(GraphValue value) => value switch
    {
        TextValue text => text.Value,
        WholeValue whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        NumberValue number => PythonText.Repr(number.Value),
        FlagValue flag => flag.Value ? "True" : "False",
        SigmasValue sigmas => string.Join(", ", sigmas.Sigmas.Select(sigma => sigma.ToString("G6", CultureInfo.InvariantCulture))),
        _ => $"{value.Type} {string.Join(", ", value.Tensors.Select(tensor => tensor.shape.Text()))}".TrimEnd(),
    };
}
