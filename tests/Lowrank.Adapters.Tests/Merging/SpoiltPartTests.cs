namespace Lowrank.Adapters.Tests;

/// <summary>A part that is not finite is named where it would spoil a merged layer, whatever the method makes of it.</summary>
public class SpoiltPartTests
{
    static readonly MethodOptions options = new(2, 1);
    static readonly Target linear = new("model.0", LayerKind.Linear, [8, 6]);

    public static IEnumerable<TheoryDataRow<string>> EveryMethod =>
        Methods.All.Where(m => m.Refuses(linear, m.OwnOptions(options)) is null && !m.DependsOnInput)
            .Select(m => new TheoryDataRow<string>(m.Name).OfMethod(m));

    [Theory, MemberData(nameof(EveryMethod))]
    public void ASpoiltPartIsNamedOrSpoilsNothing(string method)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var network = new SequenceModel(new Linear(6, 8));
        foreach (var parameter in network.parameters()) parameter.normal_();
        var model = network.Describe();
        using var adapter = AdapterFactory.Create(model, model.Components[0].Targets.Select(t => t.Target), Methods.Named(method), options);
        foreach (var part in adapter.Trainable) part.normal_(0, 0.1);
        using var attachment = model.Attach(adapter);
        int named = 0;
        foreach (var part in adapter.Trainable.ToList())
            foreach (var (spoilt, isWhole) in new[] { (double.NaN, false), (double.NaN, true), (double.PositiveInfinity, false) })
            {
                var whole = part.clone();
                (isWhole ? part : part.as_strided([1], [1])).fill_(spoilt);
                try
                {
                    model.Merge();
                    Assert.True(ValueRange.AreFinite(model.Components[0].Targets[0].Layer.Weight.Dense()), method);
                    model.Unmerge();
                }
                catch (LowrankException error)
                {
                    // Of logits infinity is a value like any other.
                    string said = adapter.Targets["unet.0"].HoldsInfinity && !double.IsNaN(spoilt) ? "has values that" : "holds NaN or infinity at";
                    Assert.Contains(said, error.Message, StringComparison.Ordinal);
                    named++;
                }
                part.copy_(whole);
            }
        Assert.True(named > 0, method);
        model.Merge();
    }
}
