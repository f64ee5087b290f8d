using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;
using Storage = Lowrank.Torch.Layers.Storage;

namespace Goldens;

/// <summary>The real small model that goldens are about, in float32, and the adapters on it that a formula gives.</summary>
static class SmolLm2
{
    static readonly string[] places = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>The model; the test is skipped where it is not there.</summary>
    public static LanguageModel Load()
    {
        string file = Directory.EnumerateFiles(RealModels.Need("smollm2-135m-instruct"), "*.gguf").Order(StringComparer.Ordinal).First();
        return LanguageModel.Load(file, new Storage(ScalarType.Float32));
    }

    /// <summary>A group's JSON; null where the folder has no such group.</summary>
    public static JsonElement? Group(string name)
    {
        string path = Path.Combine(GoldenFolder.Root, name, "cases.json");
        return File.Exists(path) ? JsonDocument.Parse(File.ReadAllText(path)).RootElement : null;
    }

    /// <summary>Puts an adapter on the model whose factors are those of the formula.</summary>
    public static void AddAdapter(LanguageModel model, JsonElement config)
    {
        int rank = config.GetProperty("r").GetInt32();
        model.Network.AddLora(string.Join(',', places), rank, config.GetProperty("lora_alpha").GetDouble());
        uint number = config.GetProperty("adapter_number").GetUInt32();
        using var grad = no_grad();
        foreach (var (path, layer) in model.Adapters[ModelAdapters.Default].Adapter.Targets)
            foreach (var (name, part) in layer.named_parameters())
                if (name is "down" or "up") Fill(part, path, name == "down", number, config);
    }

    static void Fill(Tensor part, string path, bool isDown, uint number, JsonElement config)
    {
        string[] names = path.Split('.');
        int layer = int.Parse(names[Array.IndexOf(names, "layers") + 1], System.Globalization.CultureInfo.InvariantCulture);
        uint place = (uint)(7 * layer + Array.IndexOf(places, names[^1]));
        double scale = config.GetProperty(isDown ? "a_scale" : "b_scale").GetDouble();
        var (rows, columns) = (part.shape[0], part.shape[1]);
        float[] values = new float[rows * columns];
        for (uint i = 0; i < rows; i++)
            for (uint j = 0; j < columns; j++) values[i * columns + j] = Value(i, j, place, (isDown ? 1u : 2u) + 10 * number, scale);
        part.copy_(tensor(values, [rows, columns], device: CPU));
    }

    static float Value(uint i, uint j, uint place, uint which, double scale)
    {
        uint h = unchecked((i * 73856093) ^ (j * 19349663) ^ (place * 83492791) ^ (which * 49979687));
        for (int round = 0; round < 2; round++) h = unchecked((h ^ (h >> 16)) * 0x45D9F3B);
        h ^= h >> 16;
        return (float)(scale * (h / 2147483648.0 - 1.0));
    }

    /// <summary>The logits of what follows a prompt.</summary>
    public static Tensor Logits(LanguageModel model, IReadOnlyList<int> ids)
    {
        using var grad = no_grad();
        var input = tensor([.. ids.Select(id => (long)id)], [1, ids.Count], ScalarType.Int64, CPU);
        return model.Network.Logits(model.Network.Run(new(input)).Hidden.select(1, ids.Count - 1)).squeeze(0);
    }

    /// <summary>Asserts that named logits are near.</summary>
    public static void AssertLogits(Tensor logits, JsonElement ids, JsonElement wanted, double tolerance, string what)
    {
        foreach (var (id, want) in ids.EnumerateArray().Zip(wanted.EnumerateArray()))
        {
            double got = logits[id.GetInt32()].ToDouble();
            Assert.True(Math.Abs(got - want.GetDouble()) <= tolerance, $"{what}, token {id}: {got}, expected {want} within {tolerance}");
        }
    }
}
