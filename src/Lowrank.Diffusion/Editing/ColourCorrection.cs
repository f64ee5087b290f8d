namespace Lowrank.Diffusion;

/// <summary>
/// Brings a picture's colours back to those of the one that it was made of: the histograms of its L*, a* and b* become the other's, and its
/// own lightness is kept.
/// </summary>
/// <param name="target">The picture whose colours are wanted.</param>
/// <remarks>
/// Source: AUTOMATIC1111, modules/processing.py, apply_color_correction, at 1.10.1, with scikit-image's match_histograms and the mode
/// "luminosity" of the package blendmodes.
/// </remarks>
public sealed class ColourCorrection(Picture target)
{
    readonly byte[] wanted = ByteLab.FromRgb(target.Pixels);

    /// <summary>The picture with the target's colours.</summary>
    public Picture Apply(Picture picture)
    {
        var lab = ByteLab.FromRgb(picture.Pixels);
        for (int channel = 0; channel < 3; channel++) Match(lab, channel);
        var pixels = ByteLab.ToRgb(lab);
        for (int i = 0; i < pixels.Length; i += 3) KeepLightness(pixels.AsSpan(i, 3), picture.Pixels.AsSpan(i, 3));
        return new(picture.Width, picture.Height, pixels) { InfoText = picture.InfoText };
    }

    // Each level becomes the one that as large a share of the target lies below.
    void Match(byte[] lab, int channel)
    {
        double[] shares = Shares(lab, channel), targets = Shares(wanted, channel);
        int[] there = [.. Enumerable.Range(0, 256).Where(level => targets[level] > (level == 0 ? 0 : targets[level - 1]))];
        var levels = new byte[256];
        for (int level = 0; level < 256; level++) levels[level] = (byte)Between(shares[level], targets, there);
        for (int i = channel; i < lab.Length; i += 3) lab[i] = levels[lab[i]];
    }

    // Shares of the values that lie at a level or below it.
    static double[] Shares(byte[] lab, int channel)
    {
        var counts = new long[256];
        for (int i = channel; i < lab.Length; i += 3) counts[lab[i]]++;
        var shares = new double[256];
        long sum = 0;
        for (int level = 0; level < 256; level++) shares[level] = (sum += counts[level]) / (lab.Length / 3.0);
        return shares;
    }

    static double Between(double share, double[] targets, int[] there)
    {
        int above = Array.FindIndex(there, level => targets[level] >= share);
        if (above <= 0) return there[above < 0 ? ^1 : 0];
        int low = there[above - 1], high = there[above];
        if (targets[high] == share) return high;
        return low + (high - low) / (targets[high] - targets[low]) * (share - targets[low]);
    }

    static void KeepLightness(Span<byte> colour, ReadOnlySpan<byte> lightness)
    {
        Span<double> parts = [colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0];
        double moved = Light(lightness[0] / 255.0, lightness[1] / 255.0, lightness[2] / 255.0) - Light(parts[0], parts[1], parts[2]);
        foreach (ref double part in parts) part += moved;
        double light = Light(parts[0], parts[1], parts[2]);
        double least = Math.Min(parts[0], Math.Min(parts[1], parts[2])), most = Math.Max(parts[0], Math.Max(parts[1], parts[2]));
        if (least < 0) foreach (ref double part in parts) part = light + (part - light) * light / (light - least);
        if (most > 1) foreach (ref double part in parts) part = light + (part - light) * (1 - light) / (most - light);
        for (int c = 0; c < 3; c++) colour[c] = (byte)(Math.Clamp(parts[c], 0, 1) * 255);   // cut, as there
    }

    static double Light(double red, double green, double blue) => red * 0.299 + green * 0.587 + blue * 0.114;
}
