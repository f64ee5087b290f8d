using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>Finds out what is wrong or odd about an adapter file, one sentence each.</summary>
public static class AdapterHealth
{
    // float16 ends at 65504.
    const double NearOverflow = 60000;
    const double Tolerance = 1e-6;

    /// <summary>What the header and the alphas tell.</summary>
    public static IReadOnlyList<string> OfHeader(AdapterReport report) =>
        [.. Faults(report), .. Unknown(report), .. Idle(report), .. Alphas(report.Modules)];

    // Layers that change nothing, or of which there is nothing.
    static IEnumerable<string> Idle(AdapterReport report)
    {
        foreach (string remark in report.Remarks) yield return $"{remark}.";
        foreach (string odd in TrainedDropouts.Of(report.Metadata).Oddities) yield return $"{odd}.";
        if (MissingLayers.Told(report.Named) is { } missing) yield return missing;
    }

    // A fault may end as a question.
    static string EndOf(string fault) => fault.EndsWith('?') ? "" : ".";

    static IEnumerable<string> Unknown(AdapterReport report)
    {
        if (report.Dialect is null || report.Unplaced.Count == 0) yield break;
        yield return $"{report.Unplaced.Count} keys are no part of any known method, such as {report.Unplaced[0]}: " +
            "it is read without them only where that is asked for.";
    }

    static IEnumerable<string> Faults(AdapterReport report)
    {
        const int Told = 3;
        foreach (var fault in report.Faults.Take(Told)) yield return $"It cannot be read as it is: {fault}{EndOf(fault)}";
        if (report.Faults.Count > Told) yield return $"And {report.Faults.Count - Told} more such faults.";
        if (PeftStart.Of(report.Beginning) is { } start && PeftStart.Refuses(report.Beginning) is null)
            yield return $"It began as {start}, and PEFT takes that start off the base: only with the base's weights is its change known.";
    }

    /// <summary>The same, and what the values tell; reads every tensor once.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="report">Its report; with norms, layers without effect are found too.</param>
    public static IReadOnlyList<string> Of(ITensorFile file, AdapterReport report) =>
        [.. OfHeader(report), .. Values(file), .. Effects(report.Modules)];

    static IEnumerable<string> Alphas(IReadOnlyList<AdapterModule> modules)
    {
        var scaled = modules.Where(m => m.Rank > 0 && Methods.Named(m.Method).AlphaIsScale).ToList();
        var with = scaled.Where(m => m.Alpha is not null).ToList();
        if (with.Count > 0 && with.Count < scaled.Count)
        {
            string first = scaled.First(m => m.Alpha is null).Name;
            yield return $"{scaled.Count - with.Count} of {scaled.Count} layers have no alpha, which means scale 1, such as {first}.";
        }
        if (Among(with, m => m.Alpha == 0) is { } zero)
            yield return $"{zero} have alpha 0, which switches them off; the networks of sd-scripts and LyCORIS read it as the rank.";
        if (Among(with, m => m.Alpha < 0) is { } negative)
            yield return $"{negative} have a negative alpha, which turns their change round.";
        if (Among(with, m => !double.IsFinite(m.Alpha!.Value)) is { } wild)
            yield return $"{wild} have an alpha that is no number.";
        if (Among(with, m => m.Alpha > m.Rank * (1 + Tolerance)) is { } strong)
            yield return $"{strong} have an alpha above their rank, so that their scale is above 1.";
        if (Scales(with) is { } scales) yield return scales;
        var unscaled = modules.Where(m => m.IsUnscaled).ToList();
        if (Among(unscaled, m => !(m.Alpha > 0 && double.IsFinite(m.Alpha.Value))) is { } odd)
            yield return $"{odd} have an alpha that no program writes beside whole factors, where it does not count: their scale is 1.";
    }

    // Which scales there are, where there are several.
    static string? Scales(List<AdapterModule> modules)
    {
        const int listed = 5;
        var scales = modules.Where(m => m.Alpha > 0).CountBy(m => Math.Round(m.Alpha!.Value / m.Rank, 6))
            .OrderByDescending(pair => pair.Value).ToList();
        if (scales.Count < 2) return null;
        var told = scales.Take(listed).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} in {s.Value} layers"));
        string more = scales.Count > listed ? ", ..." : "";
        return $"Scales (alpha/rank) differ: {string.Join(", ", told)}{more}.";
    }

    static IEnumerable<string> Values(ITensorFile file)
    {
        List<string> broken = [], zeros = [], large = [];
        foreach (var tensor in file.Tensors.Where(t => t.Count > 0 && t.Dtype.IsFloat()))
        {
            using var scope = NewDisposeScope();
            // One number tells all three: NaN is passed on.
            double largest = file.Read(tensor.Name).abs().max().to(ScalarType.Float64).ToDouble();
            if (!double.IsFinite(largest)) broken.Add(tensor.Name);
            else if (largest == 0 && tensor.Count > 1) zeros.Add(tensor.Name);
            else if (largest > NearOverflow && tensor.Count > 1) large.Add(tensor.Name);
        }
        if (broken.Count > 0) yield return $"{broken.Count} tensors hold NaN or infinity, such as {broken[0]}.";
        if (zeros.Count > 0) yield return $"{zeros.Count} tensors are all zeros, such as {zeros[0]}.";
        if (large.Count > 0) yield return $"{large.Count} tensors hold values near the end of float16, such as {large[0]}.";
    }

    static IEnumerable<string> Effects(IReadOnlyList<AdapterModule> modules)
    {
        var measured = modules.Where(m => m.Norm is not null).ToList();
        measured.RemoveAll(m => m.Alpha == 0);
        if (measured.Count > 0 && measured.TrueForAll(m => m.Norm == 0))
            yield return "It changes nothing: the norm of every layer's change is 0.";
        else if (Among(measured, m => m.Norm == 0) is { } idle)
            yield return $"{idle} change nothing: a factor of theirs is zero.";
    }

    static string? Among(List<AdapterModule> modules, Func<AdapterModule, bool> odd) =>
        modules.Where(odd).ToList() is [var first, ..] found ? $"{found.Count} of {modules.Count} layers, such as {first.Name}," : null;
}
