namespace Lowrank.Bench;

/// <summary>The dtypes that are measured, by the names of the table.</summary>
static class Dtypes
{
    public static IReadOnlyList<ScalarType> All { get; } = [ScalarType.BFloat16, ScalarType.Float32];

    public static string Name(ScalarType dtype) => dtype == ScalarType.BFloat16 ? "bf16" : "f32";

    /// <exception cref="LowrankException">There is no such dtype.</exception>
    public static ScalarType Named(string name) =>
        All.Any(dtype => Name(dtype) == name)
            ? All.First(dtype => Name(dtype) == name)
            : throw new LowrankException($"no dtype \"{name}\"; there are {string.Join(", ", All.Select(Name))}");

    /// <summary>The one that a name asks for, or all.</summary>
    public static IReadOnlyList<ScalarType> Asked(string? name) => name is null ? All : [Named(name)];
}
