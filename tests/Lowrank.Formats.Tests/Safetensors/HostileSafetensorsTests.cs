using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Formats.Tests;

/// <summary>Beyond the defects among the goldens: each is refused with its cause, before anything large is allocated.</summary>
public sealed class HostileSafetensorsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}""", "not well-formed JSON")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} {}""", "not well-formed JSON")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4],}}""", "not well-formed JSON")]
    [InlineData("""{"x":[1]}""", "'x' is an array")]
    [InlineData("""{"x":null}""", "'x' is null")]
    [InlineData("null", "the header is null")]
    [InlineData("\"text\"", "the header is a string")]
    [InlineData("", "the header is empty")]
    [InlineData("    ", "not well-formed JSON")]
    [InlineData("""{"x":{"shape":[4],"data_offsets":[0,4]}}""", "'x' lacks its dtype")]
    [InlineData("""{"x":{"dtype":"U8","data_offsets":[0,4]}}""", "'x' lacks its shape")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4]}}""", "'x' lacks its data_offsets")]
    [InlineData("""{"x":{"dtype":"u8","shape":[4],"data_offsets":[0,4]}}""", "dtype u8")]
    [InlineData("""{"x":{"dtype":"3","shape":[4],"data_offsets":[0,4]}}""", "dtype 3")]
    [InlineData("""{"x":{"dtype":3,"shape":[4],"data_offsets":[0,4]}}""", "dtype of 'x' is a number")]
    [InlineData("""{"x":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}}""", "dtype of 'x' stands twice")]
    [InlineData("""{"x":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}""", "shape of 'x' is a number")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4.5],"data_offsets":[0,4]}}""", "no whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1e3],"data_offsets":[0,4]}}""", "no whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}""", "no whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,9223372036854775808]}}""", "no whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,18446744073709551615]}}""", "no whole number")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", "-4, which is negative")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[4]}}""", "begin and end")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}""", "begin and end")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}}""", "more elements than")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "more elements than")]
    [InlineData("""{"x":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", "more elements than")]
    [InlineData("""{"x":{"dtype":"U8","shape":[0,4611686018427387904,8],"data_offsets":[0,0]},"y":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "more elements than")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"z":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "shares bytes")]
    [InlineData("""{"__metadata__":[],"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "'__metadata__' is an array")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"},"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "'a' stands twice")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "no text")]
    [InlineData("""{"x":{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[""", "not well-formed JSON")]
    [InlineData("{}", "4 bytes after the header belong to no tensor")]
    public void AFaultyHeaderIsRefusedWithItsCause(string header, string cause)
    {
        string path = File(header, [1, 2, 3, 4]);
        var error = Assert.Throws<LowrankException>(() => Safetensors.Open(path));
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{path}, byte ", error.Message, StringComparison.Ordinal);
        // The file was let go.
        System.IO.File.Delete(path);
    }

    [Fact]
    public void AShapeOfManyAxesOrOfNoneIsRead()
    {
        using var scope = NewDisposeScope();
        string path = File($$$"""{"deep":{"dtype":"U8","shape":[{{{string.Join(",", Enumerable.Repeat(1, 60))}}}],"data_offsets":[0,1]},"scalar":{"dtype":"U8","shape":[],"data_offsets":[1,2]},"none":{"dtype":"F32","shape":[0,9007199254740992],"data_offsets":[2,2]},"rest":{"dtype":"I16","shape":[1],"data_offsets":[2,4]}}""", [1, 2, 3, 4]);
        using var file = Safetensors.Open(path);
        Assert.Equal(60, file.Read("deep").ndim);
        Assert.Equal(2, file.Read("scalar").ToInt32());
        Assert.Equal([0, 9007199254740992], file.Read("none").shape);
        Assert.Equal(0x0403, file.Read("rest").ToInt32());
    }

    [Fact]
    public void AnUnknownFieldIsNoted()
    {
        using var file = Safetensors.Open(File("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"colour":{"a":[1]}}}""", [1, 2, 3, 4]));
        Assert.Contains("colour", Assert.Single(file.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void TruthValuesAre0Or1WhateverTheBytes()
    {
        using var scope = NewDisposeScope();
        using var file = Safetensors.Open(File("""{"x":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}""", [0, 1, 2, 255]));
        Assert.Equal([0, 1, 1, 1], file.Read("x").bytes.ToArray());
    }

    [Fact]
    public void MissingFilesAndFoldersAreToldApart()
    {
        File("{}", []);
        Assert.Contains("nearest in its folder: x.safetensors",
            Assert.Throws<LowrankException>(() => Safetensors.Open(folder.File("y.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<LowrankException>(() => Safetensors.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("nor does the folder",
            Assert.Throws<LowrankException>(() => Safetensors.Open(Path.Combine(folder.Path, "a", "b"))).Message, StringComparison.Ordinal);
    }

    string File(string header, byte[] data)
    {
        var bytes = new byte[8];
        var text = Encoding.UTF8.GetBytes(header);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        return folder.File("x.safetensors", [.. bytes, .. text, .. data]);
    }
}
