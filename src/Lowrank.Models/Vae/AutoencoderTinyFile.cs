using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>
/// Loads TAESD from its own files (taesd_decoder, taesdxl_encoder, ...: .safetensors or .pth), whose layers are numbered
/// (<c>1.weight</c>, <c>3.conv.0.weight</c>), from ComfyUI's file of both halves (<c>taesd_decoder.1.weight</c>), or from a file of
/// diffusers (<c>decoder.layers.0.weight</c>).
/// </summary>
/// <remarks>
/// The decoder's own numbers are those of diffusers and one: a clamp stands first, which has no weights. Source: madebyollin/taesd,
/// taesd.py; ComfyUI 0.3.64, comfy/taesd/taesd.py and nodes.py.
/// </remarks>
public static partial class AutoencoderTinyFile
{
    const string Encoder = "encoder", Decoder = "decoder";

    // ComfyUI's numbers for latents of the full autoencoder, between which and the network's it stands there.
    static readonly string[] ofComfy = ["vae_scale", "vae_shift"];

    /// <summary>Whether a file's tensors are a TAESD's: a half of it or both.</summary>
    public static bool Recognizes(ITensorFile file)
    {
        var names = file.Tensors.Select(tensor => tensor.Name).ToList();
        return Places(file).Keys.Any(own => own.EndsWith(".conv.0.weight", StringComparison.Ordinal))
            && names.TrueForAll(name => Layer().IsMatch(name) || ofComfy.Contains(name));
    }

    /// <summary>Loads it. Where the file is one half, the other is taken from a file beside it that is called so.</summary>
    /// <param name="path">A file, or a folder of diffusers with config.json.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="taken">Told what is used that was not named; null tells nobody.</param>
    /// <exception cref="LowrankException">It is no TAESD, an encoder alone, or of a shape that is not known.</exception>
    public static AutoencoderTiny Load(string path, Storage? storage = null, Action<string>? taken = null)
    {
        if (Directory.Exists(path)) return AutoencoderTiny.Load(path, storage);
        using var file = Containers.Open(path);
        if (!Recognizes(file))
            throw new LowrankException($"{path} is no tiny autoencoder (TAESD): its keys are such as " +
                $"{string.Join(", ", file.Tensors.Take(3).Select(tensor => tensor.Name))}.");
        string? besidePath = Beside(path, file);
        using var beside = besidePath is null ? null : Containers.Open(besidePath);
        var places = Places(file);
        if (beside is not null && Recognizes(beside))
        {
            foreach (var (own, place) in Places(beside)) places.TryAdd(own, place);
            taken?.Invoke($"the other half of {path} is {besidePath}, which lies beside it");
        }
        return Load(path, places, storage);
    }

    static AutoencoderTiny Load(string path, Dictionary<string, (ITensorFile File, TensorInfo Info)> places, Storage? storage)
    {
        if (!places.Keys.Any(own => own.StartsWith(Decoder, StringComparison.Ordinal)))
            throw new LowrankException(
                $"{path} is the encoder of a tiny autoencoder (TAESD) alone. Give its decoder (taesd_decoder), or put that beside it.");
        var model = new AutoencoderTiny(ShapeOf(path, places.ToDictionary(place => place.Key, place => place.Value.Info.Shape)), storage);
        try
        {
            StateDict.Load(model, places.Keys, own => Weights.ReadFloats(places[own].File, places[own].Info.Name), path);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // The tensors by their names here.
    static Dictionary<string, (ITensorFile File, TensorInfo Info)> Places(ITensorFile file)
    {
        // Without a prefix the encoder is told by its first layer, which the decoder's clamp is.
        string bare = file.Tensors.Any(tensor => tensor.Name == "0.weight") ? Encoder : Decoder;
        var places = new Dictionary<string, (ITensorFile, TensorInfo)>();
        foreach (var tensor in file.Tensors)
            if (OwnName(tensor.Name, bare) is { } own) places[own] = (file, tensor);
        return places;
    }

    static string? OwnName(string stored, string bare)
    {
        var match = Layer().Match(stored);
        if (!match.Success) return null;
        string half = match.Groups["half"] is { Success: true } told ? told.Value : bare;
        bool countsClamp = half == Decoder && !match.Groups["layers"].Success;
        int number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{half}.layers.{(countsClamp ? number - 1 : number)}.{match.Groups["part"]}");
    }

    // taesd_decoder.safetensors beside taesd_encoder.safetensors, and the other way round; null where the file holds both.
    static string? Beside(string path, ITensorFile file)
    {
        var halves = Places(file).Keys.Select(own => own[..own.IndexOf('.')]).Distinct().ToList();
        if (halves is not [var held]) return null;
        string other = held == Decoder ? Encoder : Decoder, name = Path.GetFileName(path);
        if (!name.Contains(held, StringComparison.Ordinal)) return null;
        string beside = Path.Combine(Path.GetDirectoryName(path) ?? "", name.Replace(held, other, StringComparison.Ordinal));
        return File.Exists(beside) ? beside : null;
    }

    static AutoencoderTinyConfig ShapeOf(string path, IReadOnlyDictionary<string, long[]> shapes)
    {
        var (encoder, decoder) = (Half.Of(Encoder, shapes), Half.Of(Decoder, shapes));
        if (decoder is null || decoder.Blocks.Count == 0 || encoder is { Blocks.Count: 0 })
            throw new LowrankException($"{path} is a tiny autoencoder (TAESD) that lacks layers. Is the download whole?");
        if (encoder is not null && encoder.Latents != decoder.Latents)
            throw new LowrankException($"{path}: the encoder makes latents of {encoder.Latents} channels, and the decoder takes " +
                $"{decoder.Latents}. The two halves belong to different models.");
        return new()
        {
            InChannels = encoder?.Pictures ?? decoder.Pictures,
            OutChannels = decoder.Pictures,
            LatentChannels = decoder.Latents,
            EncoderBlocks = encoder?.Blocks ?? [],
            EncoderChannels = encoder?.Channels ?? [],
            DecoderBlocks = decoder.Blocks,
            DecoderChannels = decoder.Channels,
        };
    }

    // What the layers of a half tell: a stage goes from one convolution to the next, with the blocks between.
    sealed record Half(IReadOnlyList<int> Blocks, IReadOnlyList<int> Channels, int Latents, int Pictures)
    {
        public static Half? Of(string half, IReadOnlyDictionary<string, long[]> shapes)
        {
            var convolutions = NumbersOf(".weight");
            if (convolutions.Count == 0) return null;
            var blocks = NumbersOf(".conv.0.weight");
            int[] counts = [.. convolutions.Zip(convolutions.Skip(1), (from, to) => blocks.Count(block => block > from && block < to))];
            long[] first = shapes[$"{half}.layers.{convolutions[0]}.weight"], last = shapes[$"{half}.layers.{convolutions[^1]}.weight"];
            if (first is not [var width, var taken, _, _] || last is not [var given, _, _, _]) return new([], [], 0, 0);
            bool isEncoder = half == Encoder;
            var (latents, pictures) = isEncoder ? (given, taken) : (taken, given);
            return new(counts, [.. counts.Select(_ => (int)width)], (int)latents, (int)pictures);

            List<int> NumbersOf(string end) =>
            [
                .. shapes.Keys.Select(own => Own().Match(own))
                    .Where(match => match.Success && match.Groups["half"].Value == half && match.Groups["end"].Value == end)
                    .Select(match => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)).Order(),
            ];
        }
    }

    [GeneratedRegex(@"^((taesd_)?(?<half>encoder|decoder)\.)?(?<layers>layers\.)?(?<number>\d+)\.(?<part>(conv\.\d+\.)?(weight|bias))$")]
    private static partial Regex Layer();

    [GeneratedRegex(@"^(?<half>encoder|decoder)\.layers\.(?<number>\d+)(?<end>\.weight|\.conv\.0\.weight)$")]
    private static partial Regex Own();
}
