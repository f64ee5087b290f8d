using System.Diagnostics.CodeAnalysis;

namespace Lowrank;

/// <summary>Every method there is. What stands here is held by the laws.</summary>
public static class Methods
{
    static readonly NamedList<MethodDescriptor> list = new("method", method => [method.Name],
        Lora.Descriptor, Loha.Descriptor, Lokr.Descriptor, Glora.Descriptor, Dylora.Descriptor, Tlora.Descriptor, MergedLora.Descriptor,
        Ia3.Descriptor, DiagOft.Descriptor, Boft.Descriptor, KohyaOft.Descriptor, Full.Descriptor, NormDifference.Descriptor,
        Oft.Descriptor, PeftBoft.Descriptor, Vera.Descriptor, AdaLora.Descriptor, FourierFt.Descriptor, WaveFt.Descriptor, Hra.Descriptor,
        Miss.Descriptor, VbLora.Descriptor, RandLora.Descriptor, Replacement.NormDescriptor, Replacement.Descriptor,
        PVera.Descriptor, PeftGlora.Descriptor, Shira.Descriptor, Hira.Descriptor, DeLora.Descriptor, C3a.Descriptor, Road.Descriptor,
        GraLora.Descriptor, TrainableTokens.Descriptor, Psoft.Descriptor, TinyLora.Descriptor, Deft.Descriptor, Osf.Descriptor,
        UniLora.Descriptor, Lily.Descriptor, Beft.Descriptor);

    /// <summary>The list.</summary>
    public static IReadOnlyList<MethodDescriptor> All => list.All;

    /// <summary>Adds a method, which is then read, written and trained by its name: where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or the name is taken.</exception>
    public static void Add(MethodDescriptor method)
    {
        ArgumentNullException.ThrowIfNull(method);
        list.Add(method);
    }

    /// <summary>The method of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static MethodDescriptor Named(string name) => list.Named(name);

    /// <summary>The method of that name, if there is one.</summary>
    public static bool TryNamed(string name, [NotNullWhen(true)] out MethodDescriptor? method) => list.TryNamed(name, out method);
}
