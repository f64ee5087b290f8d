namespace Lowrank.Adapters;

/// <summary>Every method there is. What stands here is held by the laws.</summary>
public static class Methods
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } = [Lora.Descriptor];
}
