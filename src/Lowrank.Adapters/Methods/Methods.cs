namespace Lowrank.Adapters;

/// <summary>Every method there is. What stands here is held by the laws.</summary>
public static class Methods
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        Lora.Descriptor, Loha.Descriptor, Lokr.Descriptor, Glora.Descriptor, Dylora.Descriptor, Tlora.Descriptor, MergedLora.Descriptor,
        Ia3.Descriptor, DiagOft.Descriptor, Boft.Descriptor, KohyaOft.Descriptor, Full.Descriptor, NormDifference.Descriptor,
        Oft.Descriptor, PeftBoft.Descriptor, Vera.Descriptor, AdaLora.Descriptor, FourierFt.Descriptor, WaveFt.Descriptor, Hra.Descriptor,
        Miss.Descriptor, VbLora.Descriptor, RandLora.Descriptor, Replacement.NormDescriptor, Replacement.Descriptor,
        PVera.Descriptor, PeftGlora.Descriptor, Shira.Descriptor, Hira.Descriptor, DeLora.Descriptor, C3a.Descriptor, Road.Descriptor,
        GraLora.Descriptor, TrainableTokens.Descriptor, Psoft.Descriptor, TinyLora.Descriptor, Deft.Descriptor, Osf.Descriptor,
        UniLora.Descriptor, Lily.Descriptor, Beft.Descriptor,
    ];

    /// <summary>The method of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static MethodDescriptor Named(string name) => All.FirstOrDefault(m => m.Name == name) ?? throw NoMethod(name);

    static LowrankException NoMethod(string name)
    {
        string[] names = [.. All.Select(m => m.Name)];
        var nearest = NearestNames.To(name, names);
        return new($"no method \"{name}\" (nearest: {string.Join(", ", nearest)}); there are {string.Join(", ", names)}");
    }
}
