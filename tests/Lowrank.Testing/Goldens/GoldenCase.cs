using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Testing;

/// <summary>One golden case: facts, inputs, expected values and tolerance.</summary>
public sealed class GoldenCase(GoldenGroup group, JsonElement json)
{
    /// <summary>The folder it stands in.</summary>
    public GoldenGroup Group => group;

    /// <summary>Its object in cases.json.</summary>
    public JsonElement Json => json;

    /// <summary>Its name (or id).</summary>
    public string Name => (json.TryGetProperty("name", out var name) ? name : json.GetProperty("id")).GetString()!;

    /// <summary>Absolute part of the tolerance: |got - want| ≤ atol + rtol·|want|.</summary>
    public double Atol => Tolerance("atol");

    /// <summary>Relative part of the tolerance.</summary>
    public double Rtol => Tolerance("rtol");

    /// <summary>A fact of the case, or undefined.</summary>
    public JsonElement this[string name] => json.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The tensor that <c>inputs.NAME</c> names.</summary>
    public Tensor Input(string name) => group.Tensors.Read(json.GetProperty("inputs").GetProperty(name).GetString()!);

    /// <summary>Whether the case has that input.</summary>
    public bool HasInput(string name) => json.TryGetProperty("inputs", out var inputs) && inputs.TryGetProperty(name, out _);

    /// <summary>The tensor that <c>expected.NAME</c> names.</summary>
    public Tensor Expected(string name) => group.Tensors.Read(json.GetProperty("expected").GetProperty(name).GetString()!);

    /// <summary>Names under <c>expected</c>.</summary>
    public IEnumerable<string> ExpectedNames => json.TryGetProperty("expected", out var expected) ? expected.EnumerateObject().Select(p => p.Name) : [];

    /// <summary>Asserts that <paramref name="got"/> is <paramref name="want"/> within the case's tolerance, or the one given.</summary>
    public void AssertClose(Tensor got, Tensor want, string what, double? atol = null, double? rtol = null)
    {
        using var scope = NewDisposeScope();
        Xunit.Assert.True(got.shape.AsSpan().SequenceEqual(want.shape), $"{group.Name}/{Name}: {what} has shape ({string.Join(", ", got.shape)}), expected ({string.Join(", ", want.shape)})");
        if (want.numel() == 0) return;
        var (a, b) = (got.detach().to(ScalarType.Float64), want.to(ScalarType.Float64));
        var excess = (a - b).abs() - (rtol ?? Rtol) * b.abs() - (atol ?? Atol);
        excess = excess.where(a.isnan() == b.isnan(), full_like(a, double.PositiveInfinity)).nan_to_num(0, double.PositiveInfinity, double.NegativeInfinity);
        double worst = excess.max().ToDouble();
        Xunit.Assert.True(worst <= 0, $"{group.Name}/{Name}: {what} exceeds its tolerance by {worst:g3} (atol {atol ?? Atol:g3}, rtol {rtol ?? Rtol:g3}; largest difference {(a - b).abs().max().ToDouble():g4})");
    }

    double Tolerance(string part) =>
        json.TryGetProperty("tolerance", out var t) ? t.GetProperty(part).GetDouble() : json.GetProperty(part).GetDouble();
}
