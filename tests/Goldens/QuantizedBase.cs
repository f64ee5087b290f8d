using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>A base whose linear layers were rounded to NF4, laid down as bitsandbytes lays a folder down, and loaded from there.</summary>
static class QuantizedBase
{
    const string Largest = ".absmax";

    public static CausalModel Load(GoldenCase c, string model, string quantized)
    {
        string plain = Path.Combine(c.Group.Folder, model);
        using var weights = Containers.Open(Path.Combine(plain, "model.safetensors"));
        using var packed = Containers.Open(Path.Combine(c.Group.Folder, quantized));
        var tensors = weights.Tensors.ToDictionary(info => info.Name, info => weights.Read(info.Name));
        foreach (string name in packed.Tensors.Select(info => info.Name).Where(tensors.ContainsKey).ToList())
        {
            var shape = tensors[name].shape;
            string state = JsonSerializer.Serialize(new { quant_type = "nf4", blocksize = 64, dtype = "float32", shape });
            tensors[$"{name}.quant_state.bitsandbytes__nf4"] = tensor(Encoding.UTF8.GetBytes(state));
            tensors[name] = packed.Read(name);
            tensors[name + Largest] = packed.Read(name + Largest);
        }
        using var folder = new TemporaryFolder();
        Safetensors.Save(Path.Combine(folder.Path, "model.safetensors"), tensors);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(plain, "config.json")))!.AsObject();
        config["quantization_config"] = new JsonObject
        {
            ["quant_method"] = "bitsandbytes", ["load_in_4bit"] = true, ["bnb_4bit_quant_type"] = "nf4", ["bnb_4bit_compute_dtype"] = "float32",
        };
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), config.ToJsonString());
        return LanguageModels.Load<CausalModel>(folder.Path, new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
    }
}
