using System.Collections;
using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Serialization;

namespace Lowrank.Language;

/// <summary>Parquet's tables, as the hub keeps data sets: columns of texts, numbers, lists and structures.</summary>
public static class ParquetRows
{
    /// <summary>The rows, each an object.</summary>
    /// <exception cref="LowrankException">The file is missing, no parquet, or has no row.</exception>
    public static List<DataRow> Read(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist{NearestFiles.Told(path)}. Is the path right?");
        try
        {
            using var stream = File.OpenRead(path);
            var table = ParquetSerializer.DeserializeUntypedAsync(stream).GetAwaiter().GetResult();
            List<DataRow> rows = [.. table.Data.Select((row, at) => new DataRow(path, at + 1, null, Json(row)))];
            return rows.Count > 0 ? rows : throw new LowrankException(JsonRows.NoRows(path));
        }
        catch (Exception error) when (error is IOException or ParquetException or UnauthorizedAccessException or NotSupportedException
            or InvalidOperationException or ArgumentException)
        {
            throw new LowrankException($"{path} cannot be read as parquet: {error.Message} Was its download cut?", error);
        }
    }

    static JsonElement Json(object row) => PlainJson.Element(Plain(row));

    // Values as JSON has them; what it has not, a date or bytes, as a text.
    static object? Plain(object? value) => value switch
    {
        null or string or bool or int or long or double => value,
        byte[] bytes => Convert.ToBase64String(bytes),
        IEnumerable<KeyValuePair<string, object?>> fields => fields.ToDictionary(one => one.Key, one => Plain(one.Value)),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        _ => Other(value),
    };

    static object? Other(object value) => Type.GetTypeCode(value.GetType()) switch
    {
        TypeCode.Single or TypeCode.Decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        >= TypeCode.SByte and <= TypeCode.Int64 => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
