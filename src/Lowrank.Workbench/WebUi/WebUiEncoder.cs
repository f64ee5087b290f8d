namespace Lowrank.Workbench;

/// <summary>What a web UI's job asks the autoencoder on the way to latents.</summary>
/// <param name="codecs">The autoencoders.</param>
/// <param name="draws">The draws of what it says.</param>
/// <param name="maskWeight">How much of the masked part inpainting models are not shown, 0 to 1 ("Conditional mask weight").</param>
/// <param name="watch">Who looks over its shoulder.</param>
/// <param name="device">Where it is computed.</param>
sealed class WebUiEncoder(WebUiCodecs codecs, EncodingDraws draws, double maskWeight, WebUiWatch watch, Device device)
{
    /// <summary>Pictures, each encoded by itself: (B, C, H/f, W/f).</summary>
    public Tensor Encode(Tensor pictures, IReadOnlyList<long> seeds, EncodingRound round)
    {
        var latents = cat([.. seeds.Select((seed, i) => EncodeAtOnce(pictures[i..(i + 1)], [seed], round))]);
        watch.Encoded?.Invoke(latents);
        return latents;
    }

    /// <summary>Mask and masked picture as inpainting models are shown them, (B, 1 + C, H/f, W/f).</summary>
    /// <param name="pictures">(B, 3, H, W) in [−1, 1].</param>
    /// <param name="mask">1 where it is drawn anew, (1, 1, H, W); null for everywhere.</param>
    /// <param name="seeds">A seed for each.</param>
    /// <param name="round">Which encoding it is.</param>
    public Tensor Masked(Tensor pictures, Tensor? mask, IReadOnlyList<long> seeds, EncodingRound round)
    {
        using var scope = NewDisposeScope();
        var (batch, _, height, width) = pictures.shape;
        var covering = mask ?? ones([1, 1, height, width], device: device);
        var shown = pictures + maskWeight * (pictures * (1 - covering) - pictures);
        var latents = EncodeAtOnce(shown, seeds, round);
        var (_, _, rows, columns) = latents.shape;
        var small = nn.functional.interpolate(covering, [rows, columns], mode: InterpolationMode.Nearest);
        return scope.MoveToOuter(cat([small.expand(batch, 1, rows, columns), latents], 1));
    }

    /// <summary>The same of a grey picture that is masked all over: what inpainting models are shown where there is no picture.</summary>
    public Tensor MaskedAllOver(int width, int height, IReadOnlyList<long> seeds, EncodingRound round)
    {
        using var scope = NewDisposeScope();
        var latents = Encode(zeros([seeds.Count, 3, height, width], device: device), seeds, round);
        var (batch, _, rows, columns) = latents.shape;
        return scope.MoveToOuter(cat([ones([batch, 1, rows, columns], device: device), latents], 1));
    }

    Tensor EncodeAtOnce(Tensor pictures, IReadOnlyList<long> seeds, EncodingRound round)
    {
        using var scope = NewDisposeScope();
        var (batch, _, height, width) = pictures.shape;
        int factor = codecs.Factor;
        var draw = draws.Draw(seeds, (int)round, [batch, codecs.LatentChannels, height / factor, width / factor]);
        return scope.MoveToOuter(codecs.Encoder.Encode(pictures, draw));
    }
}
