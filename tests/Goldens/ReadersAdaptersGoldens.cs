using System.Globalization;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;

namespace Goldens;

/// <summary>What ComfyUI and AUTOMATIC1111 make of LyCORIS's files, where their weights are recorded: ours is theirs, or differs by as much as the record says.</summary>
public sealed class ReadersAdaptersGoldens
{
    const string Group = "adapters/readers", Files = "adapters/lycoris";

    // A peer's weight is computed in float32 in another order; the record of a difference has six digits, which at 10 and more are fewer than five behind the point.
    const double Tolerance = 1e-5, RecordTolerance = 2e-5, Digits = 1e-5;

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Readers(string name) => Golden.Run(Group, name, golden =>
    {
        var recorded = golden["readers"].EnumerateObject()
            .SelectMany(reader => reader.Value.EnumerateObject(), (reader, strength) => (Reader: reader.Name, Strength: strength.Name, Record: strength.Value))
            .Where(r => r.Record.TryGetProperty("weight", out _)).ToList();
        if (recorded.Count == 0) throw Golden.NotCovered("no reader's weight is recorded");

        var file = GoldenGroup.Open(Files).Cases.First(c => c.Name == name);
        using var layer = LycorisAdaptersGoldens.Layer(file);
        using var adapter = LycorisAdaptersGoldens.Adapter(file, Target.Of("layer", layer), layer);
        adapter.eval();
        foreach (var (reader, strength, record) in recorded)
        {
            var target = adapter.Target;
            var ours = target.FromMatrix(adapter.Apply(target.ToMatrix(layer.Weight.Dense()), double.Parse(strength, CultureInfo.InvariantCulture)));
            var theirs = golden.Group.Tensors.Read(record.GetProperty("weight").GetString()!);
            double apart = (ours - theirs.reshape(ours.shape)).abs().max().ToDouble();
            if (record.GetProperty("status").GetString() == "agrees") Assert.True(apart <= Tolerance, $"{name}: {reader} at {strength} is {apart} apart");
            else
            {
                double told = record.GetProperty("max_abs_diff").GetDouble();
                Assert.Equal(told, apart, Math.Max(RecordTolerance, Digits * told));
            }
        }
    });
}
