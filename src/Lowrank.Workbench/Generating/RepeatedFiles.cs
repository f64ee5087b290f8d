using System.Text.RegularExpressions;

namespace Lowrank.Workbench;

/// <summary>
/// Files beside the base model that a picture's text names: its autoencoder and its refiner. What a request gives comes before; else they
/// are looked for where the base model lies, and in folders of their own beside it, as AUTOMATIC1111 has them.
/// </summary>
static partial class RepeatedFiles
{
    /// <summary>Fields of texts that are read here.</summary>
    public static readonly string[] Fields =
        [VaeFile.NameField, VaeFile.HashField, InfoLabel.Refiner, InfoLabel.RefinerSwitch];

    /// <summary>The request with the files that a text names.</summary>
    /// <param name="info">The text.</param>
    /// <param name="request">The request.</param>
    /// <param name="left">Told what is not found, and what is another than it was.</param>
    public static GeneratingRequest With(InfoText info, GeneratingRequest request, List<string> left) =>
        WithRefiner(info, WithVae(info, request, left), left);

    static GeneratingRequest WithVae(InfoText info, GeneratingRequest request, List<string> left)
    {
        string? name = info[VaeFile.NameField], told = info[VaeFile.HashField];
        if (name is null && told is null) return request;
        string? path = request.Vae ?? (name is null ? null : Beside(request.Model, name, "VAE"));
        if (path is null)
        {
            left.Add($"{VaeFile.NameField}: {name ?? told} is not honoured: there is no such file beside the model, " +
                "whose own decodes (give it with `vae`)");
            return request;
        }
        if (told is not null && File.Exists(path) && VaeFile.HashOf(path) is var own && own != told)
            left.Add($"the VAE was {told} when the picture was made, and {path} is {own}: the picture may be another");
        return request with { Vae = path };
    }

    static GeneratingRequest WithRefiner(InfoText info, GeneratingRequest request, List<string> left)
    {
        if (info[InfoLabel.Refiner] is not { } told) return request;
        string name = HashBehind().Replace(told, "");
        double at = info.Number(InfoLabel.RefinerSwitch) ?? RefinerOptions.UsualSwitch;
        if (request.Refiner is { } given) return request with { Refiner = given with { SwitchAt = at } };
        if (Beside(request.Model, name, "Stable-diffusion") is { } path) return request with { Refiner = new(path, at) };
        left.Add($"{InfoLabel.Refiner}: {told} is not honoured: there is no such model beside the base, " +
            "which draws to the end (give it with `refiner`)");
        return request;
    }

    static string? Beside(string model, string name, string folder)
    {
        string place = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(model)))!;
        string[] places = [place, Path.Combine(place, folder), Path.Combine(place, "..", folder)];
        var there = places.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).Order(StringComparer.Ordinal);
        return there.FirstOrDefault(path => Path.GetFileName(path) == name) ?? there.FirstOrDefault(path => PlaceName.Of(path) == name);
    }

    [GeneratedRegex(@"\s*\[[0-9a-f]+\]\s*$")]
    private static partial Regex HashBehind();
}
