namespace Lowrank.Adapters.Tests;

/// <summary>A method with options: each method of the list with alpha ≠ rank, and its own switches.</summary>
public sealed record MethodVariant(string Name, MethodDescriptor Method, MethodOptions Options)
{
    public static IReadOnlyList<MethodVariant> All { get; } = [.. Methods.All.SelectMany(Of)];

    static IEnumerable<MethodVariant> Of(MethodDescriptor method)
    {
        yield return new(method.Name, method, new MethodOptions(3, 2));
        if (method == Lora.Descriptor)
        {
            yield return new("lora rs", method, new LoraOptions(3, 2) { RankStabilized = true });
            yield return new("lora core", method, new LoraOptions(3, 2) { Tucker = true });
            yield return new("lora alpha 0", method, new LoraOptions(2, 0));
        }
    }
}
