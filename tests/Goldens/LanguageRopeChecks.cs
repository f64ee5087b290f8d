using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What is asked of a rotary embedding.</summary>
static class LanguageRopeChecks
{
    public static void Check(JsonElement facts, ITensorFile tensors, double nearFrequencies, double nearAngles)
    {
        string name = facts.GetProperty("name").GetString()!;
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(path, $"{{\"rope_parameters\": {facts.GetProperty("rope_parameters")}}}");
        var config = ConfigReader.Open(path);
        int length = facts.GetProperty("sequence_length").GetInt32();
        var rope = RopeKinds.Read(
            config, facts.GetProperty("head_dim").GetInt32(), facts.GetProperty("max_position_embeddings").GetInt32());
        config.Finish(strict: false);
        Assert.Equal(facts.GetProperty("attention_factor").GetDouble(), rope.Magnitude, 1e-6);
        Near(tensor(rope.Frequencies(length)), "inv_freq", nearFrequencies, relative: true);
        var rotation = rope.At(arange(length, ScalarType.Int64, CPU).unsqueeze(0));
        var rows = tensors.Read($"{name}.rows");
        Near(Rows(rotation.Cos), "cos", nearAngles, relative: false);
        Near(Rows(rotation.Sin), "sin", nearAngles, relative: false);

        Tensor Rows(Tensor half) => cat([half, half], -1).view(length, -1).index_select(0, rows);

        void Near(Tensor got, string part, double most, bool relative)
        {
            var want = tensors.Read($"{name}.{part}").to(ScalarType.Float64);
            var gap = (got.to(ScalarType.Float64) - want).abs();
            if (relative) gap = gap / want.abs();
            Assert.True(gap.max().ToDouble() <= most, $"{name}: {part} is off by {gap.max().ToDouble()}");
        }
    }
}
