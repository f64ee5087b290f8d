using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>Numbers as people read them.</summary>
public static class Quantity
{
    /// <summary>As short as it can be: "8", "0.5".</summary>
    public static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>"1,234", "8.8 M", "2.57 G".</summary>
    public static string Count(long count) => count switch
    {
        < 1_000_000 => count.ToString("N0", CultureInfo.InvariantCulture),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.00} G"),
    };

    /// <summary>"312 bytes", "23.1 MB", "4.27 GB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} bytes",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>"0.42 s", "12 s", "3 min 20 s", "1 h 05 min".</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        < 3600 => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes:00} min",
    };
}
