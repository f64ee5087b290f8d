using System.Collections.Concurrent;
using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>A model of files/hosts that adapters are tried on: a UNet and text encoders, without autoencoder and tokenizer, and the inputs it is asked.</summary>
sealed class AdapterHost
{
    static readonly ConcurrentDictionary<string, AdapterHost> opened = new();
    static string Folder => Path.Combine(GoldenFolder.Root, "files", "hosts");

    readonly ITensorFile inputs;
    readonly UNet2DConditionModel unet;
    readonly Dictionary<string, ClipTextModel> textEncoders;

    AdapterHost(string name)
    {
        string folder = Path.Combine(Folder, name);
        inputs = Containers.Open(Path.Combine(folder, "inputs_outputs.safetensors"));
        unet = UNet2DConditionModel.Load(Path.Combine(folder, "unet"));
        textEncoders = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "model_index.json"))).RootElement.EnumerateObject()
            .Where(part => part.Name.StartsWith("text_encoder", StringComparison.Ordinal)).ToDictionary(part => part.Name, part => ClipTextModel.Load(Path.Combine(folder, part.Name)));
        IsXl = textEncoders.Count > 1;
        var none = new Dictionary<string, KeyMap>();
        var ldm = new Dictionary<string, KeyMap> { ["ldm"] = UNet2DConditionModel.LdmNames(UNetConfig.Read(Path.Combine(folder, "unet", "config.json"))) };
        Model = new ModelDescription(IsXl ? "sdxl" : "sd1", [new ModelComponent("unet", unet, ldm), .. textEncoders.Select(t => new ModelComponent(t.Key, t.Value, none))]);
    }

    bool IsXl { get; }

    public ModelDescription Model { get; }

    /// <summary>The host of that name, opened once.</summary>
    public static AdapterHost Open(string name) => opened.GetOrAdd(name, n => new AdapterHost(n));

    /// <summary>The host whose layers a file's keys name and whose widths its factors have, most of all.</summary>
    public static AdapterHost Of(ITensorFile file) => Directory.EnumerateDirectories(Folder).Order(StringComparer.Ordinal).Select(f => Open(Path.GetFileName(f))).MaxBy(host => host.Fit(file))!;

    int Fit(ITensorFile file)
    {
        var targets = (from dialect in Dialects.All
                       from component in Model.Components
                       from pair in component.Targets
                       from name in dialect.Names(Model, component, pair.Target)
                       select (name, pair.Target)).DistinctBy(pair => pair.name).ToDictionary(pair => pair.name, pair => pair.Target);
        return file.Tensors.Sum(tensor => targets.TryGetValue(tensor.Name.Split('.')[0], out var target) ? tensor.Shape.Contains(target.In) || tensor.Shape.Contains(target.Out) ? 2 : 1 : 0);
    }

    /// <summary>What the host answers to its inputs, by the names of the expected outputs.</summary>
    public IReadOnlyDictionary<string, Tensor> Outputs()
    {
        using var grad = no_grad();
        Tensor In(string name) => inputs.Read("in/" + name);
        var outputs = new Dictionary<string, Tensor>
        {
            ["unet"] = unet.Run(In("sample"), In("timestep"), In("encoder_hidden_states"), IsXl ? new AddedConditions(In("text_embeds"), In("time_ids")) : null),
        };
        foreach (var (name, encoder) in textEncoders)
        {
            var output = encoder.Run(In("input_ids"));
            outputs[name] = IsXl ? output.HiddenStates[^2] : output.LastHiddenState;
            if (output.TextEmbeds is { } embeds) outputs[name + ".text_embeds"] = embeds;
        }
        return outputs;
    }

    /// <summary>What the peers' host answers without any adapter.</summary>
    public IReadOnlyDictionary<string, Tensor> Expected() =>
        inputs.Tensors.Where(t => t.Name.StartsWith("out/", StringComparison.Ordinal)).ToDictionary(t => t.Name["out/".Length..], t => inputs.Read(t.Name));
}
