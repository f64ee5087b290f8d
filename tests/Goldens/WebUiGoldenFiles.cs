using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Workbench;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The files of the web UI's golden jobs; bases are made by the recipes of the folder's README, their hashes taken from the texts.</summary>
sealed class WebUiGoldenFiles : IWebUiFiles, IDisposable
{
    readonly GoldenCase c;
    readonly string files, text, models;
    readonly WebUiFolders folders;
    readonly TemporaryFolder made = new();
    readonly Dictionary<string, StableDiffusion> loaded = [];

    public WebUiGoldenFiles(GoldenCase c)
    {
        this.c = c;
        files = Path.Combine(c.Group.Folder, "..", "files");
        models = Path.Combine(c.Group.Folder, "..", "..", "models");
        text = c["infotexts"][0].GetString()!;
        folders = new WebUiFolders
        {
            Adapters = Path.Combine(files, "adapters"),
            Embeddings = Path.Combine(files, "embeddings"),
            StylesFile = Path.Combine(files, "styles.csv"),
        };
    }

    public IReadOnlyList<WebUiWord> Words => folders.Words;

    public StyleSheet Styles => folders.Styles;

    public string? Adapter(string name) => folders.Adapter(name);

    public AlphaPicture Picture(string name) => PictureFile.ReadWithAlpha(Path.Combine(files, "pictures", name));

    public WebUiModel? Model(string? name)
    {
        name ??= "tiny";
        name = Path.GetFileNameWithoutExtension(Regex.Replace(name, @"\s*\[.*\]$", ""));
        if (name is not ("tiny" or "second" or "tiny_v" or "nine")) return null;
        bool isMain = Regex.Match(text, "Model: ([^,]*)").Groups[1].Value == name;
        string? hash = Regex.Match(text, isMain ? "Model hash: ([0-9a-f]{10})" : name + @" \[([0-9a-f]{10})\]") is { Success: true } found ? found.Groups[1].Value : null;
        return new(Loaded(name), new CheckpointTitle($"{name}.safetensors", hash, ""));
    }

    public WebUiVae Vae(string name, double scale)
    {
        if (!loaded.TryGetValue("vae", out var model))
        {
            loaded["vae"] = model = Loaded("tiny", "vae");
            using var grad = no_grad();
            foreach (var (path, parameter) in model.Vae.named_parameters())
                if (path is "decoder.conv_out.bias" or "quant_conv.bias") parameter.add_(0.25);
        }
        return new(model.Vae, name, Regex.Match(text, "VAE hash: ([0-9a-f]{10})").Groups[1].Value);
    }

    StableDiffusion Loaded(string name, string? key = null)
    {
        key ??= name;
        if (loaded.TryGetValue(key, out var known)) return known;
        string folder = FolderOf(name);
        var options = new CheckpointOptions { Prediction = name == "tiny_v" ? PredictionType.Velocity : null };
        var model = StableDiffusion.Load(folder, Lowrank.Torch.Layers.Storage.Default, options: options);
        loaded[key] = model;
        if (name == "second")
        {
            using var grad = no_grad();
            foreach (var parameter in model.UNet.parameters())
                if (parameter.dim() >= 2) parameter.mul_(0.9);
        }
        return model;
    }

    /// <summary>The folder of a base of that name, but for what a recipe changes in memory.</summary>
    public string FolderOf(string name) => name == "nine" ? NineChannels() : Path.Combine(models, "sd1");

    /// <summary>The path of a file of the group.</summary>
    public string PathOf(params string[] parts) => Path.Combine([files, .. parts]);

    // The base's folder with the first convolution lengthened.
    string NineChannels()
    {
        string from = Path.Combine(models, "sd1"), to = made["nine"];
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        string config = Path.Combine(to, "unet", "config.json");
        var settings = JsonNode.Parse(File.ReadAllText(config))!;
        settings["in_channels"] = 9;
        File.WriteAllText(config, settings.ToJsonString());
        string weights = Path.Combine(to, "unet", "diffusion_pytorch_model.safetensors");
        using var scope = NewDisposeScope();
        using var further = Containers.Open(Path.Combine(files, "inpaint_conv_in.safetensors"));
        var tensors = new Dictionary<string, Tensor>();
        using (var file = Containers.Open(Path.Combine(from, "unet", "diffusion_pytorch_model.safetensors")))
            foreach (var info in file.Tensors) tensors[info.Name] = file.Read(info.Name);
        var added = further.Read(further.Tensors[0].Name);
        tensors["conv_in.weight"] = cat([tensors["conv_in.weight"].to(ScalarType.Float32), added.to(ScalarType.Float32)], 1);
        Safetensors.Save(weights, tensors);
        return to;
    }

    public void Dispose()
    {
        foreach (var model in loaded.Values) model.Dispose();
        folders.Dispose();
        made.Dispose();
    }
}
