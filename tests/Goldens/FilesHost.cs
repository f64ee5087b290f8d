using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>One of the tiny models that the adapter files are made for: UNet and text encoders with recorded inputs.</summary>
sealed class FilesHost : IDisposable
{
    readonly UNet2DConditionModel unet;
    readonly List<(string Name, ClipTextModel Model)> encoders = [];
    readonly ITensorFile recorded;

    public FilesHost(string name)
    {
        string folder = Path.Combine(GoldenFolder.Root, "files", "hosts", name);
        unet = UNet2DConditionModel.Load(Path.Combine(folder, "unet"));
        foreach (string encoder in new[] { "text_encoder", "text_encoder_2" })
            if (Directory.Exists(Path.Combine(folder, encoder))) encoders.Add((encoder, ClipTextModel.Load(Path.Combine(folder, encoder))));
        recorded = Containers.Open(Path.Combine(folder, "inputs_outputs.safetensors"));
        using var place = ModelPlace.Open(folder);
        string family = ModelKinds.Of(place).Family.Name;
        Model = StableDiffusionComponents.Describe(family, [("unet", unet), .. encoders.Select(e => (e.Name, (nn.Module)e.Model))]);
    }

    /// <summary>Names of the hosts here.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Path.Combine(GoldenFolder.Root, "files", "hosts")).Select(folder => Path.GetFileName(folder)).Order();

    /// <summary>The model as adapters see it.</summary>
    public ModelDescription Model { get; }

    /// <summary>What it answered without any adapter.</summary>
    public Tensor Recorded(string output) => recorded.Read("out/" + output);

    /// <summary>Its answers now: <c>unet</c>, <c>text_encoder</c> (the last hidden state; for SDXL the one before the last layer), <c>text_encoder_2.text_embeds</c>.</summary>
    public Dictionary<string, Tensor> Run()
    {
        using var grad = no_grad();
        bool wide = encoders.Count > 1;
        var added = wide ? new AddedConditions(recorded.Read("in/text_embeds"), recorded.Read("in/time_ids")) : null;
        var outputs = new Dictionary<string, Tensor> { ["unet"] = unet.Run(recorded.Read("in/sample"), recorded.Read("in/timestep"), recorded.Read("in/encoder_hidden_states"), added) };
        foreach (var (name, encoder) in encoders)
        {
            var output = encoder.Run(recorded.Read("in/input_ids"));
            outputs[name] = wide ? output.HiddenStates[^2] : output.LastHiddenState;
            if (output.TextEmbeds is { } embeds) outputs[name + ".text_embeds"] = embeds;
        }
        return outputs;
    }

    public void Dispose()
    {
        unet.Dispose();
        foreach (var (_, encoder) in encoders) encoder.Dispose();
        recorded.Dispose();
    }
}
