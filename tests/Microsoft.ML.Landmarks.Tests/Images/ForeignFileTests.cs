using System.Text;
using Microsoft.ML.Landmarks.Images;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>What is no photograph, or none that is read, is called by its name: by its content, whatever its name ends with.</summary>
[TestClass]
public sealed class ForeignFileTests
{
    private const string Picture = "convert it to JPEG";
    private const string Video = "save a picture of it as JPEG";
    private const string Archive = "unpack it and name the photographs in it";
    private const string Download = "download the photograph itself";

    [TestMethod]
    [DataRow("CR3", Picture, "00000018 66747970 63727820 00000001 63727820 69736F6D")]
    [DataRow("CR2", Picture, "49492A00 10000000 43520200")]
    [DataRow("DNG", Picture, "49492A00 08000000 0100 12C6 0100 04000000 01040000 00000000")]
    [DataRow("a camera's raw file (TIFF)", Picture,
        "4D4D002A 00000008 0002 010F 0002 00000004 4E494B00 014A 0004 00000001 00000100 00000000")]
    // Of a camera, and the first directory holds a smaller picture; or it holds that of the sensor; or another one does.
    [DataRow("a camera's raw file (TIFF)", Picture,
        "49492A00 08000000 0200 FE00 0400 01000000 01000000 0F01 0200 04000000 4E494B00 00000000")]
    [DataRow("a camera's raw file (TIFF)", Picture, "49492A00 08000000 0100 0601 0300 01000000 23800000 00000000")]
    [DataRow("a camera's raw file (TIFF)", Picture, "49492A00 08000000 0200 FE00 0400 01000000 00000000 4A01 0400 02000000 26000000 "
        + "00000000 00000000 2E000000 0100 0601 0300 01000000 4C880000 00000000")]
    [DataRow("IIQ", Picture, "49492A00 10000000 49494949 00000000 0000")]
    [DataRow("RW2", Picture, "49495500 18000000")]
    [DataRow("ORF", Picture, "4949524F 08000000")]
    [DataRow("RAF", Picture, "46554A49 46494C4D 4343442D 52415720 30323031")]
    [DataRow("X3F", Picture, "464F5662 00000200")]
    [DataRow("JPEG XR", Picture, "4949BC01 20000000")]
    [DataRow("ICO", Picture, "00000100 01001010 00000100 20006804 00001600 0000")]
    [DataRow("CUR", Picture, "00000200 01002020 00000000 0000300C 00001600 0000")]
    [DataRow("WBMP", Picture, "00000A03 FFC0 8040 FFC0")]
    [DataRow("WBMP", Picture, "0000810001 00000000 00000000 00000000 00000000")]
    [DataRow("PDF", Picture, "255044462D312E37")]
    [DataRow("PostScript", Picture, "252150532D41646F")]
    [DataRow("Photoshop", Picture, "3842505300010000")]
    [DataRow("SVG", Picture, "3C737667 20786D6C6E733D2222 2F3E")]
    [DataRow("SVG", Picture, "EFBBBF 3C3F786D6C 20 3F3E 0A 3C737667 2F3E")]
    [DataRow("Netpbm", Picture, "50360A33 2032 0A 323535 0A")]
    [DataRow("PAM", Picture, "50370A574944")]
    [DataRow("KTX", Picture, "AB4B5458 203131BB 0D0A1A0A")]
    [DataRow("KTX", Picture, "AB4B5458 203230BB 0D0A1A0A")]
    [DataRow("ASTC", Picture, "13ABA15C 04040100")]
    [DataRow("FLIF", Picture, "464C4946 3131")]
    [DataRow("QOI", Picture, "716F6966 00000003 00000002 0300")]
    [DataRow("OpenEXR", Picture, "762F3101 02000000")]
    [DataRow("Radiance HDR", Picture, "233F5241 4449414E 43450A")]
    [DataRow("DDS", Picture, "44445320 7C000000")]
    [DataRow("XCF", Picture, "67696D70 20786366 20763031")]
    [DataRow("MP4", Video, "00000018 66747970 69736F6D 00000200")]
    [DataRow("MP4", Video, "0000001C 66747970 6D703432 00000000 6D703432 69736F6D")]
    [DataRow("QuickTime", Video, "00000014 66747970 71742020 20050300 71742020")]
    [DataRow("QuickTime", Video, "00000008 77696465 00001000 6D646174")]
    [DataRow("3GP", Video, "00000018 66747970 33677034 00000000 69736F6D 33677034")]
    [DataRow("AVI", Video, "52494646 00100000 41564920 4C495354")]
    [DataRow("Matroska or WebM", Video, "1A45DFA3 01000000")]
    [DataRow("MPEG", Video, "000001BA 44000401")]
    [DataRow("MPEG", Video, "000001B3 14000FF0")]
    [DataRow("WMV", Video, "3026B275 8E66CF11 A6D900AA 0062CE6C")]
    [DataRow("ZIP", Archive, "504B0304 14000000")]
    [DataRow("gzip", Archive, "1F8B0800 00000000")]
    [DataRow("7z", Archive, "377ABCAF 271C0004")]
    [DataRow("RAR", Archive, "52617221 1A0700")]
    public void Transform_ForeignFile_IsCalledByItsName(string name, string wayOut, string hex)
        => AssertRefused(Convert.FromHexString(hex.Replace(" ", "")), name, wayOut);

    [TestMethod]
    [DataRow(ImageKind.Heic, "0000001C 66747970 68656963 00000000 6D696631 68656963")]
    [DataRow(ImageKind.Heic, "00000018 66747970 6D696631 00000000 68656963 00000000")]
    [DataRow(ImageKind.Heic, "00000018 66747970 6D736631 00000000 68657663 00000000")]
    [DataRow(ImageKind.Avif, "0000001C 66747970 61766966 00000000 6D696631 61766966")]
    [DataRow(ImageKind.Avif, "0000001C 66747970 6D696631 00000000 6D696631 61766966")]
    [DataRow(ImageKind.Avif, "0000001C 66747970 61766973 00000000 6D736631 61766973")]
    [DataRow(ImageKind.Tiff, "49492A00 08000000")]
    [DataRow(ImageKind.Tiff, "4D4D002A 00000008")]
    [DataRow(ImageKind.Tiff, "49492B00 08000000")]
    [DataRow(ImageKind.Tiff, "4D4D002B 00080000")]
    // Of a camera, with smaller copies, and the first directory holds the picture itself: by Photoshop.
    [DataRow(ImageKind.Tiff, "49492A00 08000000 0300 FE00 0400 01000000 00000000 0F01 0200 04000000 4E494B00 4A01 0400 01000000 00010000")]
    [DataRow(ImageKind.JpegXl, "FF0A0000")]
    [DataRow(ImageKind.JpegXl, "0000000C 4A584C20 0D0A870A")]
    [DataRow(ImageKind.Jpeg2000, "0000000C 6A502020 0D0A870A")]
    [DataRow(ImageKind.Jpeg2000, "FF4FFF51 0029")]
    public void Of_KindThatIsRead_IsNotForeign(object kind, string hex)
    {
        byte[] file = Convert.FromHexString(hex.Replace(" ", ""));

        Assert.AreEqual(kind, ImageKinds.Of(file));
    }

    [TestMethod]
    [DataRow("a web page (HTML)", Download, "\n<!DOCTYPE html>\n<html><head><title>404</title></head></html>")]
    [DataRow("a web page (HTML)", Download, "<html lang=\"en\"><body>Sign in</body></html>")]
    [DataRow("XML", Download, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code></Error>")]
    [DataRow("JSON", Download, "{\n  \"error\": \"not found\"\n}")]
    [DataRow("JSON", Download, "[ {\"id\": 1} ]")]
    [DataRow("a Git LFS pointer in place of the file", "fetch the file by 'git lfs pull'",
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")]
    public void Transform_Text_IsCalledByItsName(string name, string wayOut, string text)
        => AssertRefused(Encoding.UTF8.GetBytes(text), name, wayOut);

    [TestMethod]
    public void Transform_FileWhoseNameIsFurtherOn_IsCalledByItsName()
    {
        byte[] stream = new byte[188 * 4], camera = new byte[192 * 4], tar = new byte[1024], tga = new byte[100];
        for (int i = 0; i < 4; i++)
            (stream[i * 188], camera[i * 192 + 4]) = ((byte)'G', (byte)'G');
        "photo.jpg"u8.CopyTo(tar);
        "ustar\0"u8.CopyTo(tar.AsSpan(257));
        "TRUEVISION-XFILE.\0"u8.CopyTo(tga.AsSpan(82));

        AssertRefused(stream, "MPEG", Video);
        AssertRefused(camera, "MPEG", Video);
        AssertRefused(tar, "tar", Archive);
        AssertRefused(tga, "TGA", Picture);
        AssertRefused([0, 5, 0x16, 7, 0, 2, 0, 0], "AppleDouble, what macOS keeps beside a file,",
            "delete it, the photograph is the file whose name has no '._'");
    }

    [TestMethod]
    public void Of_AnyBeginning_ThrowsNothing()
    {
        // Every place of each pattern is cut, and what counts or points is given every value of a byte.
        string[] starts =
        [
            "\0\0\0\u0018ftypisom\0\0\0\0isom", "II*\0\u0008\0\0\0\u0001\0\u0012\u00c6\u0001\0\u0004\0\0\0", "MM\0*\0\0\0\u0008\0\u0001",
            "II*\0\u0008\0\0\0\u0001\0\u004a\u0001\u0004\0\u0002\0\0\0\u0008\0\0\0", "\0\0\u0081\u0082\u0001\u0001", "<svg", "{\"", "P6\n",
        ];
        foreach (string start in starts)
        {
            byte[] file = Encoding.Latin1.GetBytes(start);
            for (int length = 0; length <= file.Length; length++)
                Tell(file.AsSpan(0, length));
            for (int place = 0; place < file.Length; place++)
            {
                byte kept = file[place];
                for (int value = 0; value < 256; value++)
                {
                    file[place] = (byte)value;
                    Tell(file);
                }

                file[place] = kept;
            }
        }
    }

    private static void Tell(ReadOnlySpan<byte> file)
    {
        ImageKinds.Of(file);
        ForeignFile.Of(file);
    }

    private static void AssertRefused(byte[] file, string name, string wayOut)
    {
        var mlContext = new MLContext();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["photo.jpg"], file);
        IDataView paths = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = folder["photo.jpg"] }]);
        ImagePreparingTransformer transformer = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 8).Fit(paths);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => transformer.Transform(paths).Vectors("Pixels"));

        Assert.AreEqual($"Row 0: '{folder["photo.jpg"]}': {name} is not supported; {wayOut}.", error.Message);
    }
}
