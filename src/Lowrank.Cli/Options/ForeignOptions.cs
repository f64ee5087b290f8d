namespace Lowrank.Cli;

/// <summary>Options of other programs that draw pictures: what they are called here.</summary>
/// <remarks>
/// AUTOMATIC1111's API and launch options, ComfyUI's inputs, the scripts of diffusers, and the sample prompts of Stable Diffusion's first.
/// </remarks>
static class ForeignOptions
{
    static readonly Dictionary<string, string> table = new()
    {
        ["negativeprompt"] = "--negative",
        ["neg"] = "--negative",
        ["lora"] = "--adapter",
        ["loras"] = "--adapter",
        ["lyco"] = "--adapter",
        ["denoisingstrength"] = "--strength, or for a second pass --hires-strength",
        ["denoise"] = "--strength, or for a second pass --hires-strength",
        ["initimg"] = "--init",
        ["initimage"] = "--init",
        ["image"] = "--init",
        ["ckpt"] = "--model",
        ["checkpoint"] = "--model",
        ["modelid"] = "--model",
        ["vaepath"] = "--vae",
        ["batchsize"] = "--batch (so many at once) and --count (so many in all)",
        ["batchcount"] = "--count",
        ["niter"] = "--count",
        ["nsamples"] = "--count",
        ["numimages"] = "--count",
        ["numimagesperprompt"] = "--count",
        ["samplername"] = "--sampler",
        ["samplerindex"] = "--sampler",
        ["samplingmethod"] = "--sampler",
        ["scheduler"] = "--schedule",
        ["scheduletype"] = "--schedule",
        ["samplingsteps"] = "--steps",
        ["numinferencesteps"] = "--steps",
        ["ddimsteps"] = "--steps",
        ["eta"] = "--sampler-option eta=NUMBER",
        ["guidancescale"] = "--guidance",
        ["scale"] = "--guidance, or for a second pass --hires",
        ["hrscale"] = "--hires",
        ["hrupscaler"] = "--hires-upscaler",
        ["enablehr"] = "--hires 2",
        ["loradir"] = "--adapters-dir",
        ["embeddings"] = "--embeddings-dir",
        ["textualinversion"] = "--embeddings-dir",
        ["outdir"] = "--output",
    };

    /// <summary>A sentence on a word that another program knows: <c>--ckpt is --model here.</c> null for any other word.</summary>
    public static string? Of(string word)
    {
        string name = word.Split('=')[0].TrimStart('-');
        string plain = string.Concat(name.Where(c => c is not ('-' or '_'))).ToLowerInvariant();
        return table.TryGetValue(plain, out string? option) ? $"--{name} is {option} here." : null;
    }
}
