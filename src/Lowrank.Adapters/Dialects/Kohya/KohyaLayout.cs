namespace Lowrank.Adapters;

/// <summary>
/// Parts as methods hold them; an (IA)³ has the side that it scales beside it always, since its key ends as many others do.
/// </summary>
class KohyaLayout : PartLayout
{
    /// <summary>The one that does nothing else.</summary>
    public static KohyaLayout Only { get; } = new();

    /// <inheritdoc/>
    public override bool Recognizes(MethodDescriptor method, IReadOnlyDictionary<string, long[]> shapes) =>
        base.Recognizes(method, shapes) && (method != Ia3.Descriptor || shapes.ContainsKey("on_input"));
}
