namespace Lowrank.Formats;

/// <summary>The error for a tensor that a file does not hold.</summary>
static class TensorNames
{
    internal static LowrankException Unknown(ITensorFile file, string name) =>
        new($"{file.Path} holds no tensor '{name}'" + (NearestNames.To(name, file.Tensors.Select(t => t.Name)) is { Count: > 0 } nearest
            ? $"; the nearest are {string.Join(", ", nearest)}."
            : "; it holds none at all."));
}
