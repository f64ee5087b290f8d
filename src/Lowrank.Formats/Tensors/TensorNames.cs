namespace Lowrank.Formats;

/// <summary>The errors for a tensor that a file does not hold, or holds in another shape.</summary>
static class TensorNames
{
    internal static LowrankException Unknown(ITensorFile file, string name) =>
        new($"{file.Path} holds no tensor '{name}'" + (NearestNames.To(name, file.Tensors.Select(t => t.Name)) is { Count: > 0 } nearest
            ? $"; the nearest are {string.Join(", ", nearest)}."
            : "; it holds none at all."));

    internal static LowrankException NoScalar(ITensorFile file, string name, long[] shape) =>
        new($"{file.Path}: '{name}' has the shape {shape.Text()}, where one number belongs.");
}
